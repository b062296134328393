/// An app: a directory in another program's database, which a reset changes in a transaction of its own.
public protocol AppDirectory: Directory {
    /// Replaces the columns where every old value still stands, in exactly one row a place, does what the program needs
    /// done besides (sessions, locks), and reads the columns back: all or none.
    ///
    /// - Throws: ``NothingWritten`` where it is certain that no value was changed, ``RecoveryError`` `notVerified` when the
    ///   database did not keep what was written, or what the database throws. After a lost connection nobody knows whether it was applied: read and see.
    func apply(
        _ new: StoredColumns, to account: Account, expecting old: StoredColumns
    ) async throws -> ApplyOutcome

    /// As ``Directory/read(_:)``, once whoever is changing the account at this moment has ended: a connection that was lost, or
    /// a process that died, may have left a commit on its way.
    func readAfterOthers(_ account: Account) async throws -> StoredColumns?

    /// Before anybody looks what a reset that was cut off has left: puts back what stands there by half, and what stands there
    /// whole, old or new, stays. Whoever calls it holds the reset's journal row.
    func putRight(_ accountID: String, old: StoredColumns, new: StoredColumns) async throws
}

/// An app's database refused a change as a whole (it was busy, say): nobody need look there to know that nothing happened.
public struct NothingWritten: Error {
    /// What is said to a person.
    public let cause: any Error

    public init(_ cause: any Error) { self.cause = cause }
}

/// How a change in an app ended.
public enum ApplyOutcome: Sendable, Equatable {
    case applied
    /// A value was no longer the one that was expected; nothing was written.
    case changedMeanwhile
}

/// A reset in an app that was cut off between the two databases.
public struct UnfinishedReset: Sendable {
    public let number: Int64
    public let app: AppReference
    public let accountID: String
    public let username: String
    public let old: StoredColumns
    public let new: StoredColumns
    /// When it was begun.
    public let at: Timestamp
    /// Releases the lock on the journal row; called once.
    public let release: @Sendable () async -> Void

    public init(
        number: Int64, app: AppReference, accountID: String, username: String, old: StoredColumns, new: StoredColumns,
        at: Timestamp, release: @escaping @Sendable () async -> Void
    ) {
        self.number = number
        self.app = app
        self.accountID = accountID
        self.username = username
        self.old = old
        self.new = new
        self.at = at
        self.release = release
    }
}

/// The journal's side of a reset in an app (house.md, Two databases). Each call is one transaction of the store.
///
/// `prepare` reserves the plan's proof with the row it writes: of many who use one proof at once one goes on.
public protocol AppResetJournal: ResetLedger, ResetJournal {
    /// The app holds the new values: appends the audit row that was kept with the journal row, and marks it `done`. The proof is
    /// spent by it, and the account's other codes and tokens are void (SEC-3).
    ///
    /// A row that is `done` already stays so: it may be asked twice.
    func finish(_ number: Int64, at now: Timestamp) async throws -> Int64

    /// The same for a row that somebody else has ended as not applied or unclear meanwhile, when the app holds the new values
    /// all the same: it is `done`, can be undone, and has its audit row.
    func finishEnded(_ prepared: PreparedReset) async throws -> Int64

    /// The app holds the old values: marks the row `abandoned` and drops what was sealed. The proof can be used again.
    func drop(_ number: Int64, at now: Timestamp) async throws

    /// The app holds neither, or nobody could look in time: marks the row `unclear`, keeps the sealed values for nobody, voids
    /// the proof, and says so in the audit trail.
    func markUnclear(_ reset: UnfinishedReset, at now: Timestamp) async throws

    /// What crashed processes left, of at most 1,000 rows; only locks that are free are taken, and each row is held by its.
    func unfinishedInApps() async throws -> [UnfinishedReset]
}
