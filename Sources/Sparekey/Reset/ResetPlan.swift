/// What a reset ends besides the old password.
public enum Revocation: String, Sendable, Hashable, Codable, CaseIterable {
    case sessions
    /// Those not used yet; a used one stays until its time (LST-3).
    case resetTokens
    case resetCodes
}

/// Everything a reset will do, decided before anything is written: one value that goes through one port
/// (``ResetLedger``).
public struct ResetPlan: Sendable {
    /// A random UUID.
    public let id: String
    /// Nil for the own directory.
    public let app: AppReference?
    public let account: Account
    /// What is stored now: the condition of the update, and what `undo` puts back.
    public let old: StoredColumns
    /// What will be stored. Only these columns change.
    public let new: StoredColumns
    public let revocations: Set<Revocation>
    /// The one session that stays when sessions end; nil ends all.
    public let keptSession: KeptSession?
    public let proof: Proof
    /// How many replaced hashes the directory keeps for the history rule; 0 keeps none, nil leaves the history alone.
    public let historyKept: Int?
    /// The journal's number of the reset that this one takes back; its sealed values go with the commit.
    public let undoes: Int64?
    /// Until when the sealed old values rest for `undo`; nil with `--no-undo` or reason `compromised`.
    public let undoUntil: Timestamp?
    public let audit: AuditEvent
    public let at: Timestamp

    /// For the conformance suite; elsewhere ``ResetPassword/plan(_:new:)`` makes them.
    package init(
        id: String, app: AppReference?, account: Account, old: StoredColumns, new: StoredColumns,
        revocations: Set<Revocation>, keptSession: KeptSession?, proof: Proof, historyKept: Int?, undoes: Int64?,
        undoUntil: Timestamp?, audit: AuditEvent, at: Timestamp
    ) {
        (self.id, self.app, self.account, self.old, self.new) = (id, app, account, old, new)
        (self.revocations, self.keptSession, self.proof) = (revocations, keptSession, proof)
        (self.historyKept, self.undoes, self.undoUntil, self.audit, self.at) = (
            historyKept, undoes, undoUntil, audit, at
        )
    }
}

/// The session from which its owner changes the password: it stays where all others end (SEC-3).
public struct KeptSession: Sendable, Hashable {
    public let id: String
    /// What it is known by from then on; nil leaves it as it is.
    public let renewed: Renewal?

    public init(_ id: String, renewed: Renewal? = nil) {
        self.id = id
        self.renewed = renewed
    }

    /// A new id and a new secret: whoever copied the old one is out.
    public struct Renewal: Sendable, Hashable {
        public let id: String
        /// ``SessionSecret/hash``.
        public let secretHash: [UInt8]

        public init(id: String, secretHash: [UInt8]) {
            self.id = id
            self.secretHash = secretHash
        }
    }
}

/// A reset that the journal knows and nobody else may settle while this value lives.
public struct PreparedReset: Sendable {
    public let plan: ResetPlan
    /// The journal's number, which `resets show` and `undo` take.
    public let number: Int64
    /// Releases the lock on the journal row; called once, after commit or abandon.
    public let release: @Sendable () async -> Void

    public init(plan: ResetPlan, number: Int64, release: @escaping @Sendable () async -> Void) {
        self.plan = plan
        self.number = number
        self.release = release
    }
}

/// How a commit ended.
public enum CommitOutcome: Sendable, Equatable {
    /// Written. The sequence grows with every committed reset of the database.
    case done(sequence: Int64)
    /// A stored value was no longer the one the plan expects; nothing was written.
    case changedMeanwhile
}

/// The journal (house.md, One value, one port). Each call is one transaction of the store.
public protocol ResetLedger: Sendable {
    /// Writes the journal row, state `prepared`, with old and new values sealed, and takes the row's lock.
    func prepare(_ plan: ResetPlan) async throws -> PreparedReset

    /// For the own directory: spends the proof where it is one of a kind, replaces the columns where every old value
    /// still stands, reads them back, ends what the plan revokes, appends history and audit, and marks the row `done`:
    /// all or none.
    ///
    /// Safe to call again after a lost connection: a row that is `done` already answers `done`.
    ///
    /// - Throws: ``RecoveryError`` `proofSpent` when the proof was spent, voided or over by then; nothing was written.
    func commit(_ prepared: PreparedReset) async throws -> CommitOutcome

    /// Marks the row `abandoned` and drops its sealed values. Nothing of the account has changed.
    func abandon(_ prepared: PreparedReset) async throws

    /// Settles what crashed processes left `prepared`, taking only locks that are free, and drops sealed values whose
    /// time has passed. Returns how many rows it settled.
    @discardableResult
    func settle(now: Timestamp) async throws -> Int
}
