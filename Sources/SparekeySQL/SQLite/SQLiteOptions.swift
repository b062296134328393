/// How an SQLite database is opened.
public struct SQLiteOptions: Sendable {
    /// What may happen to the file.
    public enum Mode: Sendable {
        /// The file has to be there, and is opened for writing.
        case mustExist
        /// A missing file is created with mode 0600, whatever the umask says.
        case mayCreate
        /// Nothing is ever written to the file; its `-wal` and `-shm` are read, and made where they are missing.
        case readOnly
        /// As `readOnly`, and no file is made beside it: right only while nobody else has the database open, see
        /// ``SQLiteDatabase/isAtRest(path:)``. A SQLite built without URI names opens it as `readOnly`.
        case immutable
        /// As `readOnly` for a write-ahead log that nobody has open: the log is read into this process's memory instead of
        /// a `-shm`, and left as it is. Needs the right to write the file, and keeps others out until it is closed. See
        /// ``SQLiteDatabase/preview(path:busyTimeout:)``.
        case unsharedLog

        var isReadOnly: Bool { self == .readOnly || self == .immutable || self == .unsharedLog }
    }

    /// How SQLite keeps a transaction apart until it is committed (sqlite.org/wal.html).
    public enum Journal: Sendable {
        /// The file keeps the journal mode it has: a database of somebody else's is never turned into another kind.
        case asFound
        /// Write-ahead log, kept in the file from then on: Sparekey's own directory.
        case writeAheadLog
    }

    /// Whether the file has to exist, may be created, or is only read.
    public var mode: Mode
    /// Ignored where nothing is written.
    public var journal: Journal
    /// How long a statement waits for somebody else's lock, before it throws ``SQLError/Code/busy``.
    public var busyTimeout: Duration
    /// Overwrites deleted content with zeroes, so that replaced hashes do not linger in the file.
    public var erasesDeleted: Bool
    /// Another program's database has this off, unless that program turns it on itself.
    public var enforcesForeignKeys: Bool
    /// Whether nobody else may have the database open, nor open it until this one is closed: opening throws
    /// ``SQLError/Code/busy`` where somebody has.
    public var isExclusive = false
    /// Whether triggers and views of the file may use what a stranger could misuse, as the program that owns it lets them
    /// (`trusted_schema`): without it a trigger that feeds a search index (FTS5) refuses every change.
    public var trustsSchema = false
    /// Whether the path is another program's, and others than root may own folders on it: see ``FollowedPath``.
    public var isStrangers = false
    /// Root opens a file as its owner would (SEC-16): the connection's thread, and nothing else of this process, takes the
    /// owner's place for files, so that a journal or log beside the database is the owner's and stays usable. Without
    /// root's rights, or for a file of root's, nothing changes. Folders that only root may pass are passed. Needs
    /// ``isStrangers``.
    public var opensAsOwner = false

    /// Every default suits a database of somebody else's but the foreign keys: nothing in the file is changed by opening.
    public init(
        mode: Mode = .mustExist, journal: Journal = .asFound, busyTimeout: Duration = .seconds(5),
        erasesDeleted: Bool = false, enforcesForeignKeys: Bool = true
    ) {
        self.mode = mode
        self.journal = journal
        self.busyTimeout = busyTimeout
        self.erasesDeleted = erasesDeleted
        self.enforcesForeignKeys = enforcesForeignKeys
    }

    /// What Sparekey's own directory wants: a write-ahead log, and nothing left of replaced hashes.
    public static func ownDirectory(_ mode: Mode) -> SQLiteOptions {
        SQLiteOptions(mode: mode, journal: .writeAheadLog, erasesDeleted: true)
    }

    /// What another program's database wants that is to be changed: nothing about the file changes but the rows.
    ///
    /// - Parameter enforcesForeignKeys: only where the program itself turns them on.
    public static func program(
        enforcesForeignKeys: Bool = false, busyTimeout: Duration = .seconds(5)
    ) -> SQLiteOptions {
        var options = SQLiteOptions(
            busyTimeout: busyTimeout, erasesDeleted: true, enforcesForeignKeys: enforcesForeignKeys)
        options.trustsSchema = true
        options.isStrangers = true
        options.opensAsOwner = true
        return options
    }
}
