import Logging
import ServiceLifecycle
import Sparekey

/// Removes sessions whose time is over, once an hour. They open nothing before that either: ``ResumeSession`` looks at
/// the clock.
struct SessionSweep: Service {
    let flows: ServerFlows
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                await sweep()
                try await Task.sleep(for: .seconds(3600))
            }
        }
    }

    private func sweep() async {
        do {
            let removed = try await flows.resumeSession.removeEnded()
            if removed > 0 { logger.info("sessions removed", metadata: ["count": "\(removed)"]) }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("sessions could not be swept", metadata: ["cause": "\(error)"])
        }
    }
}
