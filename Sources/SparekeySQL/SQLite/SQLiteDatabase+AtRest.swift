import Glibc

extension SQLiteDatabase {
    /// Whether no program seems to have the database open, and none left anything to be played back: no `-wal`, no
    /// `-journal` beside it.
    ///
    /// Only then may it be opened as ``SQLiteOptions/Mode/immutable``. Somebody may open it a moment later, so ask again
    /// after reading, and read anew if the answer has changed.
    public static func isAtRest(path: String) -> Bool {
        let path = resolvedPath(path)
        return ["-wal", "-journal"].allSatisfy { access(path + $0, F_OK) != 0 && errno == ENOENT }
    }

    /// Whether somebody holds the write lock of a database with a write-ahead log at this moment. Takes no lock and
    /// changes nothing; never ask while this process has the database open.
    ///
    /// The lock is byte 120 of the `-shm` (sqlite.org/walformat.html, 2.3.1); where there is none, nobody writes.
    public static func isBeingWritten(path: String) -> Bool {
        isLocked(path, byte: 120)
    }

    /// Whether somebody has a database with a write-ahead log open: everybody who has holds byte 128 of the `-shm`
    /// (SQLite's os_unix.c, UNIX_SHM_DMS). As ``isBeingWritten(path:)`` otherwise.
    static func isLogInUse(path: String) -> Bool {
        isLocked(path, byte: 128)
    }

    private static func isLocked(_ path: String, byte: Int) -> Bool {
        let descriptor = open(resolvedPath(path) + "-shm", O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return false }
        var status = stat()
        fstat(descriptor, &status)
        defer { OpenDatabaseFiles.close(descriptor, status: status) }
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = off_t(byte)
        range.l_len = 1
        return fcntl(descriptor, Self.getLock, &range) == 0 && range.l_type != Int16(F_UNLCK)
    }

    /// `F_OFD_GETLK` of Linux (asm-generic/fcntl.h): sees the locks of this process too.
    private static let getLock: CInt = 36

    static func resolvedPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
