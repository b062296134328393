import Logging
import ServiceLifecycle
import Sparekey

/// Brings what this server holds in memory up to date as soon as somebody has committed a change, on whichever server or
/// command line. While the feed is away, the turns of the housekeeping catch up.
struct ChangeListener: Service {
    let feed: any ChangeFeed
    let flows: ServerFlows
    let logger: Logger

    private static let pauses = (first: Duration.milliseconds(100), longest: Duration.seconds(2))

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await listen() }
        await feed.close()
    }

    private func listen() async throws {
        var pause = Self.pauses.first
        var isAway = false
        while true {
            do {
                let changes = try await feed.next()
                if isAway { logger.info("changes on other servers are heard again") }
                (isAway, pause) = (false, Self.pauses.first)
                for change in changes { await take(change) }
            } catch  where !(error is CancellationError) {
                if !isAway {
                    logger.warning(
                        "changes on other servers are not heard at once, only every few seconds",
                        metadata: ["cause": "\(error)"])
                }
                isAway = true
                // Many servers do not come back in step.
                try await Task.sleep(for: pause * Double.random(in: 0.5...1))
                pause = min(pause * 2, Self.pauses.longest)
            }
        }
    }

    /// Where the database has gone meanwhile, the next turn of the housekeeping reads all of it.
    private func take(_ change: CommittedChange) async {
        switch change {
        case .account(let id):
            try? await flows.sync?.table.refresh(accountID: id)
            flows.watch.changed(id)
        case .anything:
            try? await flows.sync?.table.reload()
            flows.watch.everythingChanged()
        }
    }
}
