/// Where requests, codes and tries rest. Each call is one transaction of the store.
public protocol ResetCodeRegister: CodeRequestInbox {
    /// Charges what the request costs, and writes it and its audit row: both, or with a visible refusal neither.
    ///
    /// - Parameter demand: nil where limits are off.
    func add(_ request: NewCodeRequest, charging demand: ThrottleDemand?) async throws -> ThrottleCharge

    /// The oldest requests of one directory that nobody looked at.
    ///
    /// - Parameter app: nil for the own directory.
    func newRequests(of app: String?, limit: Int) async throws -> [CodeRequest]

    /// The names of apps of which there are such requests.
    func appsWithNewRequests() async throws -> [String]

    /// Decides requests by the rules of NEX-3 and SEC-1, one after the other in one transaction, and writes what comes of
    /// them. Of several servers one decides.
    ///
    /// - Returns: what came of each draft, in their order.
    func issue(_ drafts: [CodeDraft]) async throws -> [CodeIssue]

    /// Counts a try, compares it, and gives a right one back, all in one transaction.
    func guess(_ guess: CodeGuess) async throws -> CodeGuessOutcome

    /// How many guesses at the account's codes were compared.
    func comparisons(of account: Account, now: Timestamp) async throws -> CodeComparisons

    /// Drops sealed copies whose time has passed, requests older than a week, and tries at names that nobody has: at most
    /// some hundred rows of each. Returns how many rows it removed.
    @discardableResult
    func tidyCodes(now: Timestamp) async throws -> Int
}

/// A code about to exist, if the rules let it.
public struct CodeDraft: Sendable {
    /// The request's id.
    public let request: String
    public let subject: CodeSubject
    public let account: Account?
    /// As the request names it; nil for the own directory.
    public let app: String?
    /// The code's keyed hash; 32 random bytes, which no code has, where nobody is meant.
    public let mac: [UInt8]
    /// The code, sealed; of a code that never works and that nobody is told, where nobody is meant.
    public let sealed: [UInt8]
    public let rules: CodeRules
    public let at: Timestamp
    /// nil while it comes straight from the request.
    public let approval: CodeApproval?
    /// Whoever asked has gone: too much time has passed since.
    public let isStale: Bool

    public var expiresAt: Timestamp { at + rules.lifetime }

    /// What the audit trail keeps of it. Nobody's has a row as well: whoever asks again at once waits for this work, and must
    /// not learn from the time that it took what the name before meant (SEC-4).
    public func event(_ issue: CodeIssue) -> AuditEvent {
        guard let account else {
            return AuditEvent(
                .codeWithheld, actor: .server, at: at, account: nil, app: app, proof: Proof.codeKind,
                reason: "no enabled account has the name that was typed", outcome: .refused)
        }
        let (action, outcome): (AuditEvent.Action, AuditEvent.Outcome) =
            switch issue {
            case .issued: (approval == nil ? .codeIssued : .codeApproved, .done)
            case .waiting(let isOverBudget): (.codeWithheld, isOverBudget ? .throttled : .done)
            case .withheld, .taken: (.codeWithheld, .refused)
            }
        return AuditEvent(
            action, actor: approval?.actor ?? .server, at: at, account: account, app: app, proof: Proof.codeKind,
            reason: approval?.reason, outcome: outcome)
    }

    /// What the sealed copy is bound to.
    static func sealedRow(_ request: String) -> String { "reset_code/\(request)/code" }
}

/// Somebody's word that a request is genuine.
public struct CodeApproval: Sendable {
    public let actor: Actor
    public let reason: String?
}

/// What came of a request.
public enum CodeIssue: Sendable, Equatable {
    case issued
    /// It needs an approval: by the setting, or because there were too many guesses.
    case waiting(isOverBudget: Bool)
    /// Three codes live already, or the request is too old.
    case withheld
    /// Somebody else decided it.
    case taken
}

/// One guess at the codes of a subject.
public struct CodeGuess: Sendable {
    public let subject: CodeSubject
    public let budgets: CodeBudgets?
    public let at: Timestamp
    /// Appended when it is wrong, at most once a minute for a subject.
    public let audit: AuditEvent
    /// Appended when it uses up a budget.
    public let budgetSpent: AuditEvent
    let code: ResetCode
    let key: InstanceKey

    /// Whether this is the code that was issued for `request`.
    public func matches(_ mac: [UInt8], request: String) -> Bool {
        code.matches(mac, key, request: request, subject: subject)
    }
}

/// How a guess ended.
public struct CodeGuessOutcome: Sendable, Hashable {
    /// The request whose code it is; nil for a wrong guess.
    public let request: String?
    /// False where no code lives, the tries are spent or a budget is: then nothing was compared.
    public let wasCompared: Bool

    public init(request: String?, wasCompared: Bool) {
        self.request = request
        self.wasCompared = wasCompared
    }
}
