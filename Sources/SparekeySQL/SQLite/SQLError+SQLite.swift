import GRDB
import GRDBSQLite
import Glibc

extension SQLError {
    /// What SQLite said, in our words.
    ///
    /// - Parameters:
    ///   - code: an extended result code (sqlite.org/rescode.html).
    ///   - message: SQLite's words. They are used only where they cannot quote a bound value.
    ///   - isPreparing: whether no value was bound yet.
    ///   - systemError: the errno behind an I/O error.
    static func sqlite(
        _ code: CInt, _ place: String, message: String? = nil, isPreparing: Bool = false, systemError: CInt = 0,
        statement: SQLStatement? = nil
    ) -> SQLError {
        let (known, reason) = meaning(code, message, isPreparing, systemError)
        return SQLError(
            known, reason: "\(place): \(reason)", cause: SQLFailureDetail(code: "SQLite \(code)", statement: statement))
    }

    static func opening(_ error: DatabaseError, place: String) -> SQLError {
        // No handle is left to ask for the errno: a file system without a free block explains an I/O error.
        sqlite(
            error.extendedResultCode.rawValue, place, message: error.message,
            systemError: isFull(place) ? ENOSPC : 0)
    }

    private static func isFull(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && status.f_bavail == 0
    }

    private static func meaning(
        _ code: CInt, _ message: String?, _ isPreparing: Bool, _ systemError: CInt
    ) -> (Code, String) {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
            (.busy, "another program holds the database locked")
        // SQLITE_READONLY_ROLLBACK: reading needs a write first.
        case SQLITE_READONLY where code == SQLITE_READONLY | (3 << 8):
            (.cutOff, "a change was cut off and has to be taken back first; its program does that when it starts")
        case SQLITE_READONLY: (.readOnly, "the database can be read but not written")
        case SQLITE_FULL: (.full, "no space is left for the database")
        case SQLITE_NOTADB: (.notADatabase, "the file is not an SQLite database, or it is encrypted")
        case SQLITE_CORRUPT: (.notADatabase, "the database file is damaged")
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
            (.unavailable, "the database or a file beside it cannot be opened")
        case SQLITE_CONSTRAINT: (.constraint, constraint(code, message))
        case SQLITE_IOERR: inputOutput(systemError)
        case SQLITE_ERROR where isPreparing:
            (.other, "the database does not accept a statement: \(message ?? "no reason given")")
        default: (.other, "the database refused a statement (SQLite \(code))")
        }
    }

    /// SQLite names the table and columns, or the rule. A trigger's own message may hold anything.
    private static func constraint(_ code: CInt, _ message: String?) -> String {
        let isTrigger = code == SQLITE_CONSTRAINT | (7 << 8)
        guard let message, !isTrigger else { return "a trigger of the database refused the row" }
        return "a rule of the database refused the row: \(message)"
    }

    private static func inputOutput(_ systemError: CInt) -> (Code, String) {
        switch systemError {
        case ENOSPC, EDQUOT: (.full, "no space is left for the database")
        case EROFS: (.readOnly, "the database can be read but not written")
        default: (.other, "the disk reported an error while the database was read or written")
        }
    }

    /// Why a path could not be used, from errno.
    static func file(_ path: String, errno: CInt) -> SQLError {
        let reason =
            switch errno {
            case ENOENT: "there is no such file"
            case EACCES, EPERM: "permission denied"
            case ENOTDIR: "a part of the path is not a folder"
            case ELOOP: "a symbolic link is not followed here"
            case ENOSPC, EDQUOT: "no space is left"
            case EROFS: "the file system can only be read"
            case EMFILE, ENFILE: "too many files are open"
            default: "the system cannot open it (error \(errno))"
            }
        return SQLError(errno == ENOSPC || errno == EDQUOT ? .full : .unavailable, reason: "\(path): \(reason)")
    }

    static func requireRegularFile(_ status: stat, _ path: String) throws {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw SQLError(.unavailable, reason: "\(path): is a folder, not a database file")
        default: throw SQLError(.unavailable, reason: "\(path): is not an ordinary file")
        }
    }
}
