import CProcess
import Glibc
import Sparekey

/// A thread that only hashes, behind everything else the server does.
enum HashThread {
    /// As the kernel shows it, for `top -H` and for tests.
    static let name = "sparekey-hash"
    /// How much nicer than the rest of the process: an event loop that wakes goes first.
    private static let niceness: Int32 = 5

    /// Starts one for `queue`; it goes when the queue ends.
    ///
    /// - Throws: ``InstanceError`` `unavailable` when the system refuses another thread.
    static func start(_ queue: HashQueue) throws {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(queue)
        queue.join()
        let failure = pthread_create(&thread, nil, { hashThreadMain($0) }, argument.toOpaque())
        guard failure == 0 else {
            queue.leave()
            argument.release()
            throw InstanceError(.unavailable, reason: "the system has no thread left for hashing")
        }
        pthread_detach(thread)
    }

    static func settle() {
        _ = cprocess_name_thread(name)
        // On Linux a nice value is a thread's own, and 0 is the caller (setpriority(2), under Bugs).
        let which = __priority_which_t(PRIO_PROCESS.rawValue)
        setpriority(which, 0, getpriority(which, 0) + niceness)
    }
}

private func hashThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let queue = Unmanaged<HashQueue>.fromOpaque(argument).takeRetainedValue()
    HashThread.settle()
    queue.serve()
    queue.leave()
    return nil
}
