import Glibc
import Sparekey
import Synchronization

/// flock(2) on a file of its own, which no rename takes away. It dies with the process.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// - Parameter attempts: how often to try, ten milliseconds apart.
    /// - Throws: ``InstanceError`` `busy` when somebody else holds it all the while.
    init(_ path: String, attempts: Int = 200) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw InstanceError(
                .notWritable, reason: "the lock file \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        for attempt in 1...attempts {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                self.descriptor = Mutex(descriptor)
                return
            }
            if attempt < attempts { usleep(10_000) }
        }
        close(descriptor)
        throw InstanceError(
            .busy, reason: "the lock file \(path) is held by another process",
            hint: "nothing was changed; try again when it has ended")
    }

    deinit {
        release()
    }

    /// Doing it twice does nothing.
    func release() {
        let held = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        if let held { close(held) }
    }
}
