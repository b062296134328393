import CSQLite
import GRDB
import GRDBSQLite
import Glibc

/// The steps from a path to a configured connection, all on the connection's thread.
struct OpenedSQLite: Sendable {
    /// Without symbolic links.
    let path: String
    let queue: DatabaseQueue
    let file: OpenDatabaseFiles.Registration

    init(path given: String, options: SQLiteOptions) throws {
        if options.mode == .mayCreate { try Self.createIfMissing(given) }
        let path = try Self.resolve(given, options)
        let file = try OpenDatabaseFiles.register(path)
        do {
            let retry = TransactionRetry(codes: [.busy], attempts: 20, patience: options.busyTimeout)
            queue = try retry.run {
                do {
                    return try DatabaseQueue(
                        path: Self.name(of: path, options.mode), configuration: Self.configuration(options))
                } catch let error as DatabaseError {
                    throw SQLError.opening(error, place: given)
                }
            }
        } catch {
            file.release()
            throw error
        }
        self.path = path
        self.file = file
    }

    /// SQLite gives `-wal`, `-shm` and `-journal` the mode of the database, so they follow.
    private static func createIfMissing(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return }
            throw SQLError.file(path, errno: errno)
        }
        // A umask that takes the owner's bits away would leave a file that cannot be opened again.
        fchmod(descriptor, 0o600)
        close(descriptor)
    }

    private static func resolve(_ path: String, _ options: SQLiteOptions) throws -> String {
        guard options.isStrangers else { return try resolve(path) }
        let followed = try FollowedPath(path)
        // Whatever takes the file's name from here on is opened with its owner's rights, and no others.
        if options.opensAsOwner { try takePlace(of: followed.owner, path) }
        return try resolve(followed.text)
    }

    private static func resolve(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else { throw SQLError.file(path, errno: errno) }
        defer { free(resolved) }
        var status = stat()
        guard stat(resolved, &status) == 0 else { throw SQLError.file(path, errno: errno) }
        try SQLError.requireRegularFile(status, path)
        return String(cString: resolved)
    }

    /// This thread only, for good: it is the connection's, on which every call for its files is made, and ends with it.
    private static func takePlace(of owner: (user: uid_t, group: gid_t), _ path: String) throws {
        guard geteuid() == 0, owner.user != 0 else { return }
        guard sparekey_thread_files_of(owner.user, owner.group) == 1 else {
            throw SQLError(.unavailable, reason: "\(path): the owner's place could not be taken")
        }
    }

    /// What SQLite is given to open (sqlite.org/uri.html). The path is absolute, so it is never mistaken for a URI.
    private static func name(of path: String, _ mode: SQLiteOptions.Mode) -> String {
        guard mode == .immutable, sqlite3_compileoption_used("USE_URI") == 1 else { return path }
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        return "file:\(escaped)?immutable=1"
    }

    private static func configuration(_ options: SQLiteOptions) -> Configuration {
        var configuration = Configuration()
        configuration.label = "sparekey"
        // Only who may write can keep others out.
        configuration.readonly = options.mode.isReadOnly && options.mode != .unsharedLog
        configuration.foreignKeysEnabled = options.enforcesForeignKeys
        configuration.busyMode = .timeout(options.busyTimeout / .seconds(1))
        configuration.prepareDatabase { try prepare($0, options) }
        return configuration
    }

    private static func prepare(_ database: Database, _ options: SQLiteOptions) throws {
        sparekey_sqlite_defensive(database.sqliteConnection)
        if options.mode == .unsharedLog {
            // Before the first read: then no `-shm` is made (sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            sparekey_sqlite_keep_log(database.sqliteConnection)
        }
        // A schema of somebody else's may call functions from triggers and views; they are trusted only where asked.
        try database.execute(sql: "PRAGMA trusted_schema = \(options.trustsSchema ? "ON" : "OFF")")
        try database.execute(sql: "PRAGMA cell_size_check = ON")
        try database.execute(sql: "PRAGMA temp_store = MEMORY")
        if !options.enforcesForeignKeys { try database.execute(sql: "PRAGMA foreign_keys = OFF") }
        guard !options.mode.isReadOnly else { return }
        if options.isExclusive { try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
        try database.execute(sql: "PRAGMA secure_delete = \(options.erasesDeleted ? "ON" : "OFF")")
        if options.journal == .writeAheadLog { try useWriteAheadLog(database) }
        try database.execute(sql: "PRAGMA synchronous = FULL")
        // A write transaction takes the lock of the file, which this mode then keeps (sqlite.org/pragma.html#pragma_locking_mode).
        if options.isExclusive { try database.execute(sql: "BEGIN IMMEDIATE; COMMIT") }
    }

    private static func useWriteAheadLog(_ database: Database) throws {
        let current = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        guard current != "wal" else { return }
        let reached = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        guard reached == "wal" else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "no write-ahead log here")
        }
    }
}
