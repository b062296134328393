import Glibc

extension SQLiteDatabase {
    /// Opens another program's database to change rows in it, through one connection. Its journal mode stays what it is.
    ///
    /// - Throws: ``SQLError``: `unavailable` for no file, `notADatabase` for anything but a SQLite file with tables.
    public static func program(
        path: String, enforcesForeignKeys: Bool = false, busyTimeout: Duration = .seconds(5)
    ) async throws -> SQLiteDatabase {
        try requireTables(path)
        return try await SQLiteDatabase(
            path: path, options: .program(enforcesForeignKeys: enforcesForeignKeys, busyTimeout: busyTimeout))
    }

    /// Opens another program's database to look at it: no byte of it changes, and no file appears beside it, whether the
    /// program is running, stopped or was cut off.
    ///
    /// A program that is started meanwhile may change what was read, so nothing is decided by it: the change itself looks
    /// again. Keep it open shortly: where a stopped program left a write-ahead log, it keeps that program out. Never call
    /// it while this process has the database open: asking who uses the log would drop this process's locks on it.
    ///
    /// - Throws: as ``program(path:enforcesForeignKeys:busyTimeout:)``.
    public static func preview(path: String, busyTimeout: Duration = .seconds(5)) async throws -> SQLiteDatabase {
        try requireTables(path)
        var options = SQLiteOptions(
            mode: previewMode(path), busyTimeout: busyTimeout, enforcesForeignKeys: false)
        options.isStrangers = true
        options.opensAsOwner = true
        return try await SQLiteDatabase(path: path, options: options)
    }

    /// Copies another program's database as it is at one moment into the empty file at `copy`, under SQLite's locks: the
    /// program may open, change and close it meanwhile; where it uses a rollback journal, its changes wait.
    ///
    /// Opens the database as for a change, because a reader that writes nothing has no locks where nobody has a write-ahead
    /// log open. A log that was left behind is folded into the file, as the program's next start would.
    ///
    /// - Throws: ``SQLError``; `copy` holds nothing of use then.
    public static func copyProgram(
        at path: String, to copy: String,
        progress: @escaping @Sendable (_ copied: Int, _ all: Int) -> Void = { _, _ in }
    ) async throws {
        try requireTables(path)
        // Root stays root here, because the owner may not come to where the copy lies: SQLite itself gives a log that root
        // makes to the database's owner (os_unix.c, robustFchown).
        var options = SQLiteOptions.program()
        options.opensAsOwner = false
        let database = try await SQLiteDatabase(path: path, options: options)
        do {
            try await database.copy(to: copy, progress: progress)
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }

    private static func previewMode(_ path: String) -> SQLiteOptions.Mode {
        // Reading a rollback journal's database takes a lock and leaves nothing.
        guard usesLog(path) else { return .readOnly }
        if isLogInUse(path: path) { return .readOnly }
        var log = stat()
        guard stat(resolvedPath(path) + "-wal", &log) == 0, log.st_size > 0 else { return .immutable }
        return access(path, W_OK) == 0 ? .unsharedLog : .readOnly
    }

    /// By the header's read version (fileformat2.html, 1.3.3).
    private static func usesLog(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return false }
        var status = stat()
        fstat(descriptor, &status)
        defer { OpenDatabaseFiles.close(descriptor, status: status) }
        return SQLiteBytes.read(descriptor, at: 19, count: 1)?.first == 2
    }

    private static func requireTables(_ path: String) throws {
        switch try inspect(path: path) {
        case .missing: throw SQLError(.unavailable, reason: "\(path): there is no such file")
        case .empty: throw SQLError(.notADatabase, reason: "\(path): the file is empty, not a database in use")
        case .notADatabase:
            throw SQLError(.notADatabase, reason: "\(path): the file is not an SQLite database, or it is encrypted")
        case .database(_, hasTables: false):
            throw SQLError(.notADatabase, reason: "\(path): the database holds no tables")
        case .database: return
        }
    }
}
