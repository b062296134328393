import Glibc
internal import SparekeySQL

/// LISTEN on a session of its own (PostgreSQL's manual, LISTEN and NOTIFY).
///
/// `@unchecked Sendable`: `session` is only touched by closures that run on `thread`, one after the other.
final class PostgreSQLListener: SQLListener, @unchecked Sendable {
    private let channel: String
    private let openSession: @Sendable () throws -> PostgreSQLSession
    private let thread: ConnectionThread
    private let interruption: Interruption
    private var session: PostgreSQLSession?

    /// - Parameter open: connects and signs in; runs on the listener's thread and may block it, within a deadline.
    init(_ channel: String, _ open: @escaping @Sendable () throws -> PostgreSQLSession) throws {
        self.channel = channel
        openSession = open
        interruption = try Interruption()
        thread = try ConnectionThread()
    }

    func next() async throws -> SQLHearing {
        try await withTaskCancellationHandler {
            try await thread.run { try self.hear() }
        } onCancel: {
            interruption.raise()
        }
    }

    func close() async {
        interruption.raise()
        await thread.finish { self.session = nil }
    }

    private func hear() throws -> SQLHearing {
        guard let session else {
            let opened = try openSession()
            try opened.listen(on: channel)
            session = opened
            return .listening
        }
        do {
            while true {
                let announcements = try session.announcements()
                if !announcements.isEmpty { return .heard(announcements) }
                guard try session.awaitInput(or: interruption.descriptor) else { throw CancellationError() }
            }
        } catch {
            self.session = nil
            throw error
        }
    }
}

/// A descriptor that can be read from the first ``raise()`` on: the end of a pipe.
private final class Interruption: Sendable {
    let descriptor: CInt
    private let sender: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw SQLError(.unavailable, reason: "the system has no descriptor left for a database connection")
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (descriptor, sender) = (ends[0], ends[1])
    }

    /// A pipe that is full was raised before.
    func raise() {
        _ = [0 as UInt8].withUnsafeBytes { write(sender, $0.baseAddress, 1) }
    }

    deinit {
        close(descriptor)
        close(sender)
    }
}
