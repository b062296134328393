import Glibc
import Sparekey
import SparekeySQL
import SparekeyStore

/// A key that waits beside the key file, as `<key file>.next`, while a rotation or a restore is under way (SEC-13).
///
/// The database decides: its check value says which of the two keys it belongs to, and changes in the one commit that does
/// everything else. So a crash leaves either the old state or the new one, and whoever comes next finishes the files.
struct PendingKey {
    let file: KeyFile

    private var next: KeyFile { KeyFile(path: file.path + ".next") }

    var path: String { next.path }

    var isWaiting: Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// One rotation or restore at a time, and nobody settles while it runs.
    func lock(attempts: Int = 200) throws -> FileLock {
        try FileLock(file.path + "-lock", attempts: attempts)
    }

    /// Makes `key` wait. Under the lock.
    func write(_ key: InstanceKey) throws {
        let draft = KeyFile(path: path + ".new")
        unlink(draft.path)
        try draft.create(key)
        guard rename(draft.path, path) == 0 else {
            let failure = errno
            unlink(draft.path)
            throw file.notWritable(failure)
        }
        try FolderSync.sync(folderOf: path)
    }

    /// Puts the waiting key in the key file's place. Under the lock.
    func adopt() throws {
        guard rename(path, file.path) == 0 else {
            throw InstanceError(
                .notWritable,
                reason: "\(path) cannot become the key file \(file.path): \(String(cString: strerror(errno)))",
                hint: "the database belongs to \(path) now: move it there yourself, and keep it")
        }
        try FolderSync.sync(folderOf: path)
    }

    /// Removes the waiting key, which no database belongs to. Under the lock.
    func drop() throws {
        unlink(path)
        try FolderSync.sync(folderOf: path)
    }

    /// The waiting key; nil when there is none, or none that was finished.
    func waiting() throws -> InstanceKey? {
        do {
            return try next.load()
        } catch let error as InstanceError where error.code == .wrongKey {
            return nil
        }
    }

    /// Finishes or drops what an interrupted rotation or restore left, according to the database.
    ///
    /// While such a thing is under way elsewhere nothing is moved.
    ///
    /// - Returns: the waiting key where it is the database's; nil where the key file counts.
    func settle(_ database: any SQLDatabase) async throws -> InstanceKey? {
        guard isWaiting else { return nil }
        let lock = try? lock(attempts: 1)
        defer { lock?.release() }
        if let key = try waiting(), try await SparekeyStore.isMarked(database),
            try await StoreHealth(database).belongs(to: key)
        {
            // Another process may have been first.
            if lock != nil, isWaiting { try adopt() }
            return key
        }
        if lock != nil, isWaiting, try await isOf(database) { try drop() }
        return nil
    }

    /// Whether the database belongs to the key file. A database that belongs to neither key says nothing about either: it
    /// may be another one than the one whose rotation was interrupted.
    private func isOf(_ database: any SQLDatabase) async throws -> Bool {
        guard let key = try file.load(), try await SparekeyStore.isMarked(database) else { return false }
        return try await StoreHealth(database).belongs(to: key)
    }
}

extension PendingKey {
    /// For `doctor`, which finishes nothing.
    var check: HealthCheck {
        HealthCheck(
            "key file", .warning, "a rotation or a restore was interrupted: \(path) waits",
            remedy: "any other command finishes it, as in: sparekey users list")
    }
}
