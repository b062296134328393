/// One row of the journal, without anything sealed.
public struct ResetRecord: Sendable, Hashable {
    public enum State: String, Sendable {
        /// Written down and not applied: somebody is at it now, or it was cut off and the next start settles it.
        case prepared
        case done
        case abandoned
        /// Cut off in the middle, and nobody knows how it ended: the app holds neither the old nor the new values by now,
        /// or could not be asked for as long as undo keeps old values.
        case unclear
    }

    /// What `undo` and `resets show` take.
    public let number: Int64
    public let state: State
    /// Nil for the own directory.
    public let app: AppReference?
    public let accountID: String
    /// The username at that time.
    public let username: String
    public let proof: String
    public let reason: String?
    public let at: Timestamp
    /// Until when it can be undone; nil when nothing is kept (any more).
    public let undoUntil: Timestamp?
    /// The number of the reset that this one took back.
    public let undoes: Int64?
    /// The number of the reset that took this one back.
    public let undoneBy: Int64?
    /// The number of the newest reset of the account after this one, where that took nothing back.
    public let replacedBy: Int64?

    public init(
        number: Int64, state: State, app: AppReference?, accountID: String, username: String, proof: String,
        reason: String?, at: Timestamp, undoUntil: Timestamp?, undoes: Int64?,
        undoneBy: Int64? = nil, replacedBy: Int64? = nil
    ) {
        self.number = number
        self.state = state
        self.app = app
        self.accountID = accountID
        self.username = username
        self.proof = proof
        self.reason = reason
        self.at = at
        self.undoUntil = undoUntil
        self.undoes = undoes
        self.undoneBy = undoneBy
        self.replacedBy = replacedBy
    }
}

/// Reading the journal.
public protocol ResetJournal: Sendable {
    /// Newest first, those with numbers below `before`.
    func records(before: Int64?, limit: Int) async throws -> [ResetRecord]

    /// Those of one own account, newest first; one indexed read.
    func records(of account: Account, limit: Int) async throws -> [ResetRecord]

    /// Those in the program of that name, newest first, as far as they are among the newest 20,000 of all.
    func records(inApp name: String, limit: Int) async throws -> [ResetRecord]

    func record(_ number: Int64) async throws -> ResetRecord?

    /// The values that a reset replaced and wrote; nil when they are not kept (any more).
    func sealedColumns(of number: Int64) async throws -> (old: StoredColumns, new: StoredColumns)?
}
