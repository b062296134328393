import Glibc
import Sparekey
import SparekeySQL

/// The head of the audit trail in a file of the data folder: one line, mode 0600, replaced as a whole (SEC-10).
///
/// A lock on `<path>-lock` makes comparing and replacing one step between processes, so that the head never moves
/// backwards. Whoever stops a process that holds it costs the others two seconds and a head that lags.
final class AuditHeadFile: AuditHeadKeeper {
    private let path: String
    private let chain: AuditChain
    /// Blocking is done here, not on Swift's own threads.
    private let thread: ConnectionThread

    init(path: String, key: InstanceKey) throws {
        self.path = path
        chain = AuditChain(key)
        thread = try ConnectionThread()
    }

    func kept() async throws -> KeptAuditHead? {
        try await thread.run { [path, chain] in try Self.read(path, chain) }
    }

    func replace(_ old: KeptAuditHead?, with new: KeptAuditHead) async throws -> Bool {
        try await thread.run { [path, chain] in
            let lock = try AuditHeadLock(path + "-lock")
            defer { lock.release() }
            guard try Self.read(path, chain) == old, (old?.head.sequence ?? 0) < new.head.sequence else { return false }
            try Self.write(new.sealed(chain), path)
            return true
        }
    }

    private static func read(_ path: String, _ chain: AuditChain) throws -> KeptAuditHead? {
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
        guard let kept = KeptAuditHead(sealed: text, chain) else {
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

/// flock(2) on a file of its own, which no rename takes away. It dies with the process.
private struct AuditHeadLock {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw InstanceError(
                .notWritable, reason: "the lock file \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        for _ in 0..<200 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(10_000)
        }
        close(descriptor)
        throw InstanceError(.busy, reason: "the lock file \(path) is held by another process")
    }

    func release() {
        close(descriptor)
    }
}
