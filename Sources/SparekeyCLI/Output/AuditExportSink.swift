import Glibc

/// Where an export goes: a new file of the caller's alone, or standard output.
final class AuditExportSink {
    private let path: String?
    private let descriptor: Int32
    /// Set where standard output is a terminal: then lines are cleaned like any other answer (SEC-8).
    private let terminal: Output?

    /// Whether somebody sees the lines as they are written.
    var isSeen: Bool { terminal != nil }

    init(_ file: String, _ output: Output) throws {
        guard file != "-" else {
            path = nil
            descriptor = STDOUT_FILENO
            terminal = isatty(STDOUT_FILENO) == 1 ? output : nil
            return
        }
        path = file
        terminal = nil
        descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno != EEXIST else {
                throw CommandFailure(.notWritten, "\(file) exists already", hint: "name a new file")
            }
            throw Self.failure(file, errno)
        }
    }

    func write(_ lines: [String]) throws {
        if let terminal {
            for line in lines { try terminal.answer(line) }
            return
        }
        var bytes = Array(lines.map { $0 + "\n" }.joined().utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.failure(path ?? "standard output", errno) }
            bytes = bytes.dropFirst(written)
        }
    }

    func finish() throws {
        guard let path else { return }
        guard fsync(descriptor) == 0 else { throw Self.failure(path, errno) }
        close(descriptor)
    }

    /// Leaves no half export behind.
    func discard() {
        guard let path else { return }
        close(descriptor)
        unlink(path)
    }

    private static func failure(_ path: String, _ failure: Int32) -> CommandFailure {
        CommandFailure(
            .notWritten, "\(path) cannot be written: \(String(cString: strerror(failure)))",
            hint: "name another file, or - and send standard output where you may write")
    }
}
