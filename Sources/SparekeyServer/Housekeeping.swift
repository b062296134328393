import Logging
import ServiceLifecycle
import Sparekey

/// Something a server does by the clock, until it ends. A failure is a line in the log; the next turn tries again.
struct Housekeeping: Service {
    let name: String
    let every: Duration
    let logger: Logger
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await work()
                } catch  where !(error is CancellationError) {
                    logger.warning("housekeeping failed", metadata: ["work": "\(name)", "cause": "\(error)"])
                }
                try await Task.sleep(for: every)
            }
        }
    }
}

/// A worker that runs as long as the server does and ends with it.
struct Worker: Service {
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await work() }
    }
}
