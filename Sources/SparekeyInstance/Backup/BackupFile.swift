import Glibc
import Sparekey

/// The file of a backup in the making: a draft of mode 0600 beside its place, which gets its name when it is finished.
struct BackupFile {
    let path: String
    let draft: String

    /// - Throws: ``InstanceError`` `notWritable` when the path is taken or the draft cannot be made there.
    init(path given: String, random: any RandomSource) throws {
        path = try Self.absolute(given)
        draft = "\(path).\(random.bytes(8).hexadecimal).part"
        var status = stat()
        if lstat(path, &status) == 0 { throw Self.taken(path) }
        let descriptor = open(draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw notWritable(errno) }
        fchmod(descriptor, 0o600)
        close(descriptor)
    }

    /// Makes the draft last, and gives it its name. What came to have that name meanwhile stays.
    func finish() throws {
        let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw notWritable(errno) }
        let synced = fsync(descriptor)
        let failure = errno
        close(descriptor)
        guard synced == 0 else { throw notWritable(failure) }
        guard link(draft, path) == 0 else {
            throw errno == EEXIST ? Self.taken(path) : notWritable(errno)
        }
        unlink(draft)
        try FolderSync.sync(folderOf: path)
    }

    /// Leaves nothing behind.
    func discard() {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(draft + suffix) }
    }

    private static func absolute(_ path: String) throws -> String {
        if path.hasPrefix("/") { return path }
        guard let folder = getcwd(nil, 0) else {
            throw InstanceError(
                .notWritable, reason: "the working directory is gone", hint: "name FILE with its whole path")
        }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    private static func taken(_ path: String) -> InstanceError {
        InstanceError(
            .notWritable, reason: "\(path) is there already, and a backup never overwrites",
            hint: "name another file, as in sparekey-2026-02-12.backup")
    }

    private func notWritable(_ failure: Int32) -> InstanceError {
        InstanceError(
            .notWritable, reason: "\(path) cannot be written: \(String(cString: strerror(failure)))",
            hint: "it is written as the owner of the data folder: name a folder which that user may write")
    }
}
