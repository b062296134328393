import Glibc

/// One server a data folder: a lock file that the kernel frees with the process.
struct ServerLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: ``InstanceError`` `busy` while another server runs on the folder.
    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw InstanceError(
                .notWritable, reason: "the lock file \(path) cannot be opened: \(String(cString: strerror(errno)))",
                hint: "the data folder must be writable")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw InstanceError(
                .busy, reason: "a server is running on this data folder already",
                hint: "stop it first, or name another folder with --data")
        }
    }

    func release() {
        close(descriptor)
    }
}
