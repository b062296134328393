import GRDB
internal import Glibc

/// One SQLite file, through one connection on one thread of its own.
///
/// Reads and writes alike wait their turn on that thread, and every system call on the file and its companions
/// (`-wal`, `-shm`, `-journal`, `-lock`) happens there. A symbolic link to the file is followed; the companions stand
/// beside the file it points to. Every commit is synchronous (`synchronous=FULL`, about 0.2 ms on a quiet disk).
public final class SQLiteDatabase: SQLDatabase {
    public let dialect = SQLDialect.sqlite
    /// The path as it was given.
    public let place: String

    let thread: ConnectionThread
    let queue: DatabaseQueue
    private let file: OpenDatabaseFiles.Registration
    private let path: String
    private let retry: TransactionRetry
    private let mode: SQLiteOptions.Mode

    /// Opens the file. With ``SQLiteOptions/Mode/mayCreate`` it may be missing, never its folder.
    ///
    /// Look at an unknown file with ``inspect(path:)`` first: opening one may roll back a journal its owner left.
    ///
    /// - Throws: ``SQLError`` with code `unavailable`, `notADatabase`, `busy` or `readOnly`.
    public init(path: String, options: SQLiteOptions) async throws {
        let thread = try ConnectionThread()
        let opened = try await thread.run { try OpenedSQLite(path: path, options: options) }
        self.thread = thread
        self.place = path
        self.path = opened.path
        self.queue = opened.queue
        self.file = opened.file
        self.mode = options.mode
        self.retry = TransactionRetry(codes: [.busy], attempts: 20, patience: options.busyTimeout)
    }

    deinit {
        thread.end(closing())
    }

    public func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        if access == .write, mode == .unsharedLog {
            throw SQLError(.readOnly, reason: "\(place): the database is open for reading only")
        }
        return try await thread.run { [queue, retry, place] in
            try retry.run {
                try queue.writeWithoutTransaction { database in
                    try SQLiteTransaction(database, place: place).run(access, retry: retry, body)
                }
            }
        }
    }

    /// Tries to lock the byte at offset `number` of the file `<database>-lock`, which is created with mode 0600.
    ///
    /// An open-file-description lock (fcntl(2)): exclusive between processes and between two callers in this one, gone
    /// when its holder ends. The sign of `number` is dropped, so -n and n are one lock.
    ///
    /// - Throws: ``SQLError`` with code `unavailable` when the lock file cannot be made or is a symbolic link.
    public func lock(_ number: Int64) async throws -> (any SQLLock)? {
        try await thread.run { [path] in
            try SQLiteLock(number, besideDatabase: path)
        }
    }

    /// The file's device and inode (stat(2)); the same for two processes that have the same file open.
    public var fileIdentity: String {
        var status = stat()
        return stat(path, &status) == 0 ? "\(status.st_dev):\(status.st_ino)" : ""
    }

    public func close() async {
        await thread.finish(closing())
    }

    private func closing() -> @Sendable () -> Void {
        { [queue, file] in
            // A failure to close leaves nothing to do: SQLite has committed what it reported as committed.
            try? queue.close()
            file.release()
        }
    }
}
