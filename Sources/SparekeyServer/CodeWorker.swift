import Logging
import ServiceLifecycle
import Sparekey

/// Decides requests for codes after they were answered (NEX-4): soon when one came to this server, and every two seconds
/// for those that came to another or were left by a crash.
struct CodeWorker: Service {
    let flows: RecoveryFlows
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withThrowingTaskGroup { group in
                group.addTask {
                    while true {
                        try await Task.sleep(for: .seconds(2))
                        flows.arrivals.ring()
                    }
                }
                flows.arrivals.ring()
                for await _ in flows.arrivals.stream {
                    // Nobody notices so little, and what comes meanwhile is looked at in one go. Who asks twice at once does
                    // not meet the work that the first name makes.
                    try? await Task.sleep(for: .milliseconds(50))
                    await issue()
                }
                group.cancelAll()
            }
        }
    }

    private func issue() async {
        do {
            var outcome: IssueResetCodes.Outcome
            repeat {
                outcome = try await flows.issueCodes(limit: 50)
                for line in outcome.lines { logger.info("\(line)") }
                for number in outcome.undelivered {
                    logger.error("a reset code could not be shown", metadata: ["request": "\(number)"])
                }
            } while outcome.decided == 50
        } catch  where !(error is CancellationError) {
            logger.warning("requests could not be looked at", metadata: ["cause": "\(error)"])
        } catch {
            // The server is stopping: the next start, or another server, goes on.
        }
    }
}
