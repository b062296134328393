/// One counter of tries: a row of the store while a window is open.
public struct ThrottleCounter: Sendable, Hashable {
    public enum Scope: String, Sendable {
        case address, name, device, session, account, administrator, password, form
    }

    public let scope: Scope
    /// 16 bytes.
    public let key: [UInt8]
    /// How many tries a window takes.
    public let limit: Int
    /// How long a window is open after its first try; nil where only success closes it.
    public let window: Duration?

    public init(_ scope: Scope, key: [UInt8], limit: Int, window: Duration?) {
        self.scope = scope
        self.key = key
        self.limit = limit
        self.window = window
    }

    /// When a window that opens now closes.
    public func end(from now: Timestamp) -> Timestamp {
        window.map { now + $0 } ?? Self.never
    }

    /// The latest end that a window of now can have: a minute more than its length, because the servers' clocks may
    /// differ. What ends later was opened before the clock was put back, and holds nobody up.
    public func latestEnd(at now: Timestamp) -> Timestamp {
        window.map { now + $0 + .seconds(60) } ?? Self.never
    }

    public static let never = Timestamp(microseconds: .max)
}

/// What is to be charged for one try. The order within a list is the order of row locks: address, name, account.
public struct ThrottleDemand: Sendable {
    /// Charged alone where it has room: a device's own budget.
    public let first: ThrottleCounter?
    /// Charged together or not at all.
    public let visible: [ThrottleCounter]
    /// Charged after those; when full, the try is refused as if the answer were wrong.
    public let silent: ThrottleCounter?
    public let at: Timestamp

    public init(first: ThrottleCounter?, visible: [ThrottleCounter], silent: ThrottleCounter?, at: Timestamp) {
        self.first = first
        self.visible = visible
        self.silent = silent
        self.at = at
    }
}

public enum ThrottleVerdict: Sendable, Hashable {
    case allowed
    /// Say so: 429, and when to come again.
    case limited(retryAfter: Duration)
    /// Do all the work, and refuse whatever the answer, in the words for a wrong one.
    case silentlyRefused
}

/// What a try was charged, kept until its answer is known.
public struct ThrottleCharge: Sendable {
    public let verdict: ThrottleVerdict
    /// The counter that was full; nil where the try is allowed.
    public let full: ThrottleCounter?
    /// The counters that hold the try now.
    public let counted: [ThrottleCounter]
    public let at: Timestamp

    public init(verdict: ThrottleVerdict, full: ThrottleCounter?, counted: [ThrottleCounter], at: Timestamp) {
        self.verdict = verdict
        self.full = full
        self.counted = counted
        self.at = at
    }

    /// For a flow that throws: the visible refusal as an error; nil where there is none.
    public var error: RecoveryError? {
        guard case .limited(let wait) = verdict else { return nil }
        return RecoveryError(
            .throttled, reason: "too many tries", hint: "wait, then try again; nothing was changed", retryAfter: wait)
    }
}

/// How far one counter has come, while its window is open.
public struct ThrottleStanding: Sendable {
    public let counter: ThrottleCounter
    public let count: Int
    /// ``ThrottleCounter/never`` where only success closes the window.
    public let endsAt: Timestamp

    public var isFull: Bool { count >= counter.limit }

    public init(counter: ThrottleCounter, count: Int, endsAt: Timestamp) {
        self.counter = counter
        self.count = count
        self.endsAt = endsAt
    }
}

/// Where tries are counted. Each call is one small transaction; a try is counted before its answer is looked at, so that
/// however many servers and tasks try at once, no more than the limit are let through.
public protocol ThrottleRegister: Sendable {
    /// Charges a try. A visible refusal charges nothing, and costs no commit.
    ///
    /// Removes at most eight ended windows on the way: more than one call opens.
    func charge(_ demand: ThrottleDemand) async throws -> ThrottleCharge

    /// Takes the try out of the counters that hold it, where their window is still the same. Call it once.
    func giveBack(_ charge: ThrottleCharge) async throws

    /// Those of `counters` whose window is open.
    func standings(of counters: [ThrottleCounter], now: Timestamp) async throws -> [ThrottleStanding]

    /// Closes every window that is about this account: under its username and its e-mail, and its own (RST-2). A reset
    /// does so in its own transaction.
    ///
    /// - Returns: how many there were. Without any nothing is written, the audit row neither.
    func clear(account: Account, audit: AuditEvent) async throws -> Int

    /// Appends `note.event` to the audit trail, unless the trail got one of the same key within the last minute (or what
    /// the note says): then it is only counted, and a later row says how often.
    func record(_ note: AuditNote) async throws

    /// Writes the rows about tries that were only counted and whose minute is over, at most `limit`; returns how many
    /// notes it closed.
    func settleNotes(now: Timestamp, limit: Int) async throws -> Int
}

/// Something that may happen very often and is worth one audit row for each minute (SEC-10).
public struct AuditNote: Sendable {
    /// 16 bytes: what counts as the same.
    public let key: [UInt8]
    public let event: AuditEvent
    /// How long one row stands for all.
    public let period: Duration
    /// Whether it matters how often; a flood of refusals is not worth a write for each.
    public let isCounted: Bool

    public init(key: [UInt8], event: AuditEvent, period: Duration, isCounted: Bool) {
        self.key = key
        self.event = event
        self.period = period
        self.isCounted = isCounted
    }
}
