import Glibc
import Sparekey
import SparekeySQL

/// The head of the audit trail in a file of the data folder: one line, mode 0600, replaced as a whole (SEC-10).
///
/// A lock on `<path>-lock` makes comparing and replacing one step between processes, so that the head never moves
/// backwards. Whoever stops a process that holds it costs the others two seconds and a head that lags.
final class AuditHeadFile: AuditHeadKeeper {
    private let path: String
    /// Blocking is done here, not on Swift's own threads.
    private let thread: ConnectionThread

    init(path: String) throws {
        self.path = path
        thread = try ConnectionThread()
    }

    func kept(_ epochs: AuditEpochs) async throws -> KeptAuditHead? {
        try await thread.run { [path] in try Self.read(path, epochs) }
    }

    func replace(
        _ old: KeptAuditHead?, with new: KeptAuditHead, _ epochs: AuditEpochs, isRestored: Bool
    ) async throws -> Bool {
        try await thread.run { [path] in
            let lock = try FileLock(path + "-lock")
            defer { lock.release() }
            guard try Self.read(path, epochs) == old, isRestored || (old?.head.sequence ?? 0) < new.head.sequence
            else { return false }
            try Self.write(new.sealed(epochs.present), path)
            return true
        }
    }

    private static func read(_ path: String, _ epochs: AuditEpochs) throws -> KeptAuditHead? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw unreadable(path, errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let length = Glibc.read(descriptor, &bytes, bytes.count)
        guard length >= 0 else { throw unreadable(path, errno) }
        let text = String(decoding: bytes.prefix(length), as: UTF8.self)
        guard let kept = epochs.head(sealed: text) else {
            throw RecoveryError(
                .auditHeadForged, reason: "the head file \(path) was not written with this instance key")
        }
        return kept
    }

    private static func write(_ line: String, _ path: String) throws {
        // One name is enough under the lock; what a crash left there is written over.
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw notWritable(path, errno) }
        let bytes = Array(line.utf8)
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(draft, path) == 0 else {
            let failure = errno
            unlink(draft)
            throw notWritable(path, failure)
        }
        try FolderSync.sync(folderOf: path)
    }

    private static func unreadable(_ path: String, _ failure: Int32) -> InstanceError {
        InstanceError(
            .unsafeFile, reason: "the head file \(path) cannot be read: \(String(cString: strerror(failure)))",
            hint: "it must be a file of the data folder's owner, and no link")
    }

    private static func notWritable(_ path: String, _ failure: Int32) -> InstanceError {
        InstanceError(
            .notWritable, reason: "the head file \(path) cannot be written: \(String(cString: strerror(failure)))")
    }
}
