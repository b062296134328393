import Logging
import ServiceLifecycle
import Sparekey

/// Takes all sync keys anew every five seconds, so that what was written without telling this server counts here within
/// ten (FLF-3).
struct SyncKeyReload: Service {
    let table: SyncKeyTable
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await table.reload()
                } catch  where !(error is CancellationError) {
                    logger.warning("sync keys could not be read", metadata: ["cause": "\(error)"])
                }
                try await Task.sleep(for: .seconds(5))
            }
        }
    }
}
