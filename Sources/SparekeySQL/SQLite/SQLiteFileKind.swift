import Glibc

/// What a path holds, seen without opening it as a database.
public enum SQLiteFileKind: Sendable, Equatable {
    case missing
    /// A file of 0 bytes, which SQLite takes for a new database.
    case empty
    case notADatabase
    /// `applicationID` is the mark a program leaves in the header (`PRAGMA application_id`; 0 when it left none).
    case database(applicationID: UInt32, hasTables: Bool)
}

extension SQLiteDatabase {
    /// Says what is at `path` and changes nothing there: no byte, no modification time, no companion file.
    ///
    /// SQLite itself is not asked, because it would roll back a journal or create `-shm`. The first page is read as the
    /// file format describes it (sqlite.org/fileformat2.html), in the state a reader would see: committed content of the
    /// write-ahead log counts, and a new database whose first transaction was cut off is empty. Anything in the schema
    /// counts as a table. Reads the whole `-wal` beside the file, usually under 4 MB.
    ///
    /// Somebody may write a moment later, so whoever creates tables looks again inside the transaction.
    ///
    /// - Throws: ``SQLError`` with code `unavailable` when the path cannot be read; the reason says why.
    public static func inspect(path: String) throws -> SQLiteFileKind {
        // Not blocking: the open of a named pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            if errno == ENOENT { return try missing(path) }
            throw SQLError.file(path, errno: errno)
        }
        var status = stat()
        fstat(descriptor, &status)
        defer { OpenDatabaseFiles.close(descriptor, status: status) }
        try SQLError.requireRegularFile(status, path)
        if status.st_size == 0 { return .empty }
        guard let page = SQLiteFirstPage(readingFrom: descriptor) else { return .notADatabase }
        return kind(of: page, companionsOf: resolved(path))
    }

    private static func kind(of page: SQLiteFirstPage, companionsOf path: String) -> SQLiteFileKind {
        let page = SQLiteWriteAheadLog(path: path + "-wal")?.committedFirstPage() ?? page
        switch SQLiteRollbackJournal(path: path + "-journal")?.originalPages {
        case 0: return .empty
        case .some: return .database(applicationID: page.applicationID, hasTables: true)
        case nil: return .database(applicationID: page.applicationID, hasTables: page.hasTables)
        }
    }

    /// A symbolic link that leads nowhere is not a place for a new database.
    private static func missing(_ path: String) throws -> SQLiteFileKind {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .missing }
        throw SQLError(.unavailable, reason: "\(path): is a symbolic link to a file that does not exist")
    }

    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
