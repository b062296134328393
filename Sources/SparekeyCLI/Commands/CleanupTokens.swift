import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey cleanup-tokens` (LST-3).
struct CleanupTokens: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "cleanup-tokens", helpNames: [])

    static let help = """
        sparekey cleanup-tokens: remove old reset tokens

        Those that expired more than 24 hours ago and those used more than 7 days ago;
        issuing a token does the same. Tokens that still work are never touched.

          --all             every expired or used one, now
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey cleanup-tokens --all
        """

    @OptionGroup var common: CommonOptions
    @Flag var all = false

    func run(_ session: Session) async throws {
        session.output.trail("Starting cleanup of reset tokens")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let removed = try await session.output.working("Removing old reset tokens") { _ in
            try await instance.tokens.cleanUp(all: all, now: instance.now)
        }
        session.output.trail("Removed reset tokens: \(removed)")
        if session.output.json {
            try session.output.answer(.object(["removed": .integer(Int64(removed))]))
        } else {
            try session.output.answer("Cleanup complete: removed \(removed) tokens")
        }
    }
}
