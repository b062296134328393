import Logging
import ServiceLifecycle
import Sparekey

/// Decides requests for codes after they were answered (NEX-4): soon when one came to this server, and every two seconds
/// for those that came to another or were left by a crash.
///
/// Each app is asked beside the others: one whose database does not answer keeps nobody waiting but its own people.
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
                        flows.appArrivals.ring()
                    }
                }
                group.addTask { await issueForApps() }
                for await _ in Self.settled(flows.arrivals) { await issue(of: nil) }
                group.cancelAll()
            }
        }
    }

    /// Nobody notices so little, and what comes meanwhile is looked at in one go. Who asks twice at once does not meet the
    /// work that the first name makes.
    private static func settled(_ bell: Arrivals) -> AsyncMapSequence<AsyncStream<Void>, Void> {
        bell.ring()
        return bell.stream.map { _ in try? await Task.sleep(for: .milliseconds(50)) }
    }

    private func issueForApps() async {
        // What was said once is not said every two seconds.
        var waiting: Set<String> = []
        for await _ in Self.settled(flows.appArrivals) {
            do {
                let asked = try await flows.issueCodes.appsThatWait()
                let failed = await issue(of: asked, silent: waiting)
                for app in waiting.subtracting(failed).intersection(asked) {
                    logger.info("the app can be asked again", metadata: ["app": "\(app)"])
                }
                waiting = failed
            } catch  where !(error is CancellationError) {
                logger.warning("requests could not be looked at", metadata: ["cause": "\(error)"])
            } catch {}
        }
    }

    /// The apps that could not be asked.
    private func issue(of apps: [String], silent: Set<String>) async -> Set<String> {
        await withTaskGroup(of: String?.self) { group in
            for app in apps {
                group.addTask { await issue(of: app, isSilent: silent.contains(app)) ? nil : app }
            }
            return await group.reduce(into: []) { if let app = $1 { $0.insert(app) } }
        }
    }

    /// - Returns: whether the directory could be asked.
    @discardableResult
    private func issue(of app: String?, isSilent: Bool = false) async -> Bool {
        do {
            var outcome: IssueResetCodes.Outcome
            repeat {
                outcome = try await flows.issueCodes(of: app, limit: 50)
                for line in outcome.lines { logger.info("\(line)") }
                for number in outcome.undelivered {
                    logger.error("a reset code could not be shown", metadata: ["request": "\(number)"])
                }
            } while outcome.decided == 50
            return true
        } catch  where !(error is CancellationError) {
            if !isSilent {
                var metadata: Logger.Metadata = ["cause": "\(error)"]
                if let app { metadata["app"] = "\(app)" }
                logger.warning("requests could not be looked at", metadata: metadata)
            }
            return false
        } catch {
            // The server is stopping: the next start, or another server, goes on.
            return true
        }
    }
}
