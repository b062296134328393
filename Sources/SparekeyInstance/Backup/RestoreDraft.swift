import Glibc
import Sparekey
import SparekeySQL
import SparekeyStore

/// A backup's content in a file of its own beside the database: there it is checked, brought up to date and made fit, and
/// the backup itself is only read.
struct RestoreDraft {
    /// The backup, as it was named.
    let backup: String
    let path: String

    /// Copies the backup. What an earlier restore left there goes; call it under ``PendingKey/lock(attempts:)``.
    ///
    /// - Throws: ``InstanceError`` where the file is no backup, is in use, or cannot be read.
    init(of backup: String, besideDatabase database: String) throws {
        self.backup = backup
        path = database + ".restoring"
        try refuseInUse(database)
        discard()
        do {
            try copy()
            try refuseAnyOther()
        } catch {
            discard()
            throw error
        }
    }

    /// Opens the copy; what SQLite writes beside it goes with ``discard()``.
    func open() async throws -> SQLiteDatabase {
        try await SQLiteDatabase(path: path, options: .ownDirectory(.mustExist))
    }

    func sync() throws {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw notWritable(errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw notWritable(errno) }
    }

    func discard() {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
    }

    private func refuseInUse(_ database: String) throws {
        var (given, present) = (stat(), stat())
        if stat(backup, &given) == 0, stat(database, &present) == 0, given.st_ino == present.st_ino,
            given.st_dev == present.st_dev
        {
            throw InstanceError(
                .wrongDatabase, reason: "\(backup) is the present database itself",
                hint: "nothing was changed; name a file that sparekey backup wrote")
        }
        guard SQLiteDatabase.isAtRest(path: backup) else {
            throw InstanceError(
                .busy, reason: "\(backup) is in use: there is a log beside it that belongs to it",
                hint: "nothing was changed; a backup is one file, as sparekey backup writes it")
        }
    }

    private func copy() throws {
        let source = Glibc.open(backup, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard source >= 0 else { throw unreadable(errno) }
        defer { close(source) }
        var status = stat()
        guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw unreadable(EINVAL) }
        let target = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw notWritable(errno) }
        defer { close(target) }
        fchmod(target, 0o600)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count >= 0 else { throw unreadable(errno) }
            if count == 0 { return }
            guard write(target, buffer, count) == count else { throw notWritable(errno == 0 ? ENOSPC : errno) }
        }
    }

    /// By the file's own bytes, before SQLite opens it.
    private func refuseAnyOther() throws {
        guard case .database(SparekeyStore.applicationID, hasTables: true) = try SQLiteDatabase.inspect(path: path)
        else {
            throw InstanceError(
                .wrongDatabase, reason: "\(backup) is no backup of Sparekey's",
                hint: "nothing was changed; name a file that sparekey backup wrote")
        }
    }

    private func unreadable(_ failure: Int32) -> InstanceError {
        InstanceError(
            .unavailable, reason: "\(backup) cannot be read: \(String(cString: strerror(failure)))",
            hint: "nothing was changed; it is read as the owner of the data folder: see to its path and mode")
    }

    private func notWritable(_ failure: Int32) -> InstanceError {
        InstanceError(
            .notWritable, reason: "\(path) cannot be written: \(String(cString: strerror(failure)))",
            hint: "nothing was changed; a restore needs three times the space of the backup")
    }
}
