import CProcess
import Dispatch
import Glibc

/// Another program of this machine, run once by its path: no shell, nothing on its standard input, no more of the
/// environment than it is given, none of our descriptors, and an end to its time.
public struct ChildProgram: Sendable {
    /// How it went.
    public enum Ending: Sendable, Equatable {
        /// By itself.
        case exited(Int32, output: [UInt8])
        /// By a signal.
        case killed
        /// Its time was over, or it said more than it may; it was ended.
        case cutOff
        /// There was nothing that could be started.
        case notStarted
    }

    /// What is done with more output than is kept.
    public enum Flood: Sendable {
        /// It is read and forgotten.
        case forgotten
        /// The program is ended.
        case ended
    }

    /// Absolute.
    public let path: String
    public let words: [String]
    /// `NAME=VALUE`.
    public var environment: [String] = []
    public var patience = Duration.seconds(10)
    /// How many bytes of its output are kept: the first.
    public var mostBytes: Int
    public var flood: Flood
    /// Whether what it writes to standard error is output too; else it is lost.
    public var keepsErrors: Bool

    public init(
        path: String, words: [String], environment: [String] = [], patience: Duration = .seconds(10), mostBytes: Int,
        flood: Flood, keepsErrors: Bool
    ) {
        self.path = path
        self.words = words
        self.environment = environment
        self.patience = patience
        self.mostBytes = mostBytes
        self.flood = flood
        self.keepsErrors = keepsErrors
    }

    /// Waits on a thread of its own.
    public func ending() async -> Ending {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: run()) }
        }
    }

    /// Waits for the end, at most as long as its patience.
    public func run() -> Ending {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return .notStarted }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let child = spawn(output: ends[1])
        close(ends[1])
        guard let child else { return .notStarted }
        let output = read(ends[0], of: child)
        // What it has started belongs to its group, and ends with it.
        if output == nil { kill(-child, SIGKILL) }
        let status = wait(for: child)
        guard let output else { return .cutOff }
        return status.map { .exited($0, output: output) } ?? .killed
    }

    private func spawn(output: Int32) -> pid_t? {
        let arguments = ([path] + words).map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        let child = cprocess_spawn(path, arguments, variables, output, keepsErrors ? 1 : 0)
        return child > 0 ? child : nil
    }

    /// What it wrote until it ended, even where something that it started still holds the pipe; nil where it has to be ended.
    private func read(_ descriptor: Int32, of child: pid_t) -> [UInt8]? {
        let deadline = ContinuousClock.now.advanced(by: patience)
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 16 * 1_024))
        while ContinuousClock.now < deadline {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wanted, 1, 50)
            if ready < 0, errno != EINTR { return nil }
            guard ready > 0 else {
                if hasEnded(child) { return bytes }
                continue
            }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return endsInTime(child, deadline) ? bytes : nil }
            if flood == .ended, bytes.count + count > mostBytes { return nil }
            bytes += chunk[..<min(count, mostBytes - bytes.count)]
        }
        return nil
    }

    /// A program can close its output and go on.
    private func endsInTime(_ child: pid_t, _ deadline: ContinuousClock.Instant) -> Bool {
        while !hasEnded(child) {
            guard ContinuousClock.now < deadline else { return false }
            usleep(2_000)
        }
        return true
    }

    /// Without taking its status away.
    private func hasEnded(_ child: pid_t) -> Bool {
        var information = siginfo_t()
        guard waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT) == 0 else { return true }
        return information.si_signo == SIGCHLD
    }

    /// The exit status; nil for a program that was ended.
    private func wait(for child: pid_t) -> Int32? {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return nil } }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
    }
}
