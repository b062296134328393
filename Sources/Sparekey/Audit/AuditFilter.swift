/// Which rows of the audit trail somebody asks for; a part that is nil admits all.
public struct AuditFilter: Sendable, Hashable {
    /// A username or e-mail: whoever acted, or whom it was about.
    public var person: String?
    public var action: AuditEvent.Action?
    public var outcome: AuditEvent.Outcome?
    public var since: Timestamp?
    /// The first moment that is not asked for any more.
    public var until: Timestamp?

    public init(
        person: String? = nil, action: AuditEvent.Action? = nil, outcome: AuditEvent.Outcome? = nil,
        since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        (self.person, self.action, self.outcome) = (person, action, outcome)
        (self.since, self.until) = (since, until)
    }

    /// Whether a row is asked for. A row that is not ours only is where nothing is.
    ///
    /// - Parameter account: who ``person`` is, where it is somebody.
    func admits(_ record: AuditRecord, account: Account?) -> Bool {
        guard action == nil || record.action == action?.rawValue,
            outcome == nil || (record.outcome ?? AuditEvent.Outcome.done.rawValue) == outcome?.rawValue
        else { return false }
        guard since == nil && until == nil || isInTime(record.at) else { return false }
        guard let person else { return true }
        if let account { return record.accountID == account.id || record.actorAccountID == account.id }
        let key = AccountName(person).key
        return [record.username, record.userName].compactMap(\.self).contains { AccountName($0).key == key }
    }

    private func isInTime(_ at: Timestamp?) -> Bool {
        guard let at else { return false }
        return at >= since ?? at && (until.map { at < $0 } ?? true)
    }
}

/// What an index of the trail finds rows by.
public enum AuditLane: Sendable, Hashable {
    /// Every row, by its number.
    case all
    /// Those about the account of this id.
    case about(String)
    /// Those of what the account of this id did.
    case actor(String)
    case action(AuditEvent.Action)
    /// `refused` or `throttled`: nearly every row is `done`.
    case outcome(AuditEvent.Outcome)
}

/// Where a walk along a lane begins and ends; numbers that are themselves left out.
public struct AuditSpan: Sendable, Hashable {
    public var after: Int64?
    public var before: Int64?
    public var isNewestFirst: Bool

    public init(after: Int64? = nil, before: Int64? = nil, isNewestFirst: Bool) {
        (self.after, self.before, self.isNewestFirst) = (after, before, isNewestFirst)
    }
}

/// The audit trail for searching. Each call reads by an index, however long the trail is.
public protocol AuditIndex: Sendable {
    func rows(on lane: AuditLane, in span: AuditSpan, limit: Int) async throws -> [AuditRow]

    /// The number of the first row that was written at `time` or later; nil where there is none. Halves the trail until it
    /// is found: a clock that was put back meanwhile can hide rows of those minutes.
    func number(at time: Timestamp) async throws -> Int64?

    /// What single rows are held against, of one moment.
    func links(of sequences: [Int64]) async throws -> AuditLinks
}

/// What the store says of the trail's end and of some rows, for ``CheckAuditRows``.
public struct AuditLinks: Sendable {
    public let epochs: [StoredAuditEpoch]
    public let anchor: String?
    /// How many rows were ever appended.
    public let appended: Int64
    public let newest: AuditRow?
    /// By number, the newest one's predecessor included.
    public let macs: [Int64: [UInt8]]

    public init(
        epochs: [StoredAuditEpoch], anchor: String?, appended: Int64, newest: AuditRow?, macs: [Int64: [UInt8]]
    ) {
        (self.epochs, self.anchor, self.appended) = (epochs, anchor, appended)
        (self.newest, self.macs) = (newest, macs)
    }
}
