import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey audit prune` (SEC-10).
struct AuditPrune: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "prune", helpNames: [])

    static let help = """
        sparekey audit prune --before DATE: remove the oldest rows of the audit trail

        Removes the rows that were written before DATE (2025-02-12, midnight in UTC, or
        2025-02-12T16:30:00Z), from the oldest on, but never the newest row, and leaves an
        anchor in their place: sparekey audit verify holds the rest against it, and says how
        many were pruned and when. Export them before: sparekey audit export. A trail that
        does not hold is left as it is. Asks (y/n) in a terminal.

          --before DATE     rows from before this are removed
          --dry-run         show what would be removed, and remove nothing
          --yes             do not ask; needed without a terminal
          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey audit prune --before 2025-02-12 --dry-run
        """

    @OptionGroup var common: CommonOptions
    @Option var before: String
    @Flag var dryRun = false
    @Flag var yes = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        let limit = try Self.time(before)
        session.output.trail("Starting audit prune")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let prune = instance.pruneAuditTrail
        guard let pruning = try await prune.plan(before: limit) else {
            return try answer(nil, limit, session.output)
        }
        if !dryRun {
            try confirm(pruning)
            try await prune(
                pruning, actor: session.actor, reason: reason.map { DisplayText($0, limit: 400).text })
            session.output.trail("Audit rows removed: \(pruning.rows), up to row \(pruning.anchor.head.sequence)")
        }
        try answer(pruning, limit, session.output)
    }

    private static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else {
            throw CommandFailure(
                .usage, "--before takes a date", hint: "as in 2025-02-12, or 2025-02-12T16:30:00Z for a time in UTC")
        }
        return time
    }

    private func confirm(_ pruning: AuditPruning) throws {
        guard !yes else { return }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(
                .usage, "there is no terminal to ask in", hint: "--yes removes without asking; --dry-run only shows")
        }
        terminal.say(Self.sentence(pruning, "would be removed") + ".")
        guard try terminal.confirm("Remove them for good?") else {
            terminal.say("Nothing was changed.")
            throw Declined()
        }
    }

    private static func sentence(_ pruning: AuditPruning, _ verb: String) -> String {
        "\(AuditText.rows(pruning.rows)) up to \(pruning.latest.rfc3339) \(verb); \(AuditText.rows(pruning.kept)) stay"
    }

    private func answer(_ pruning: AuditPruning?, _ limit: Timestamp, _ output: Output) throws {
        guard !output.json else {
            return try output.answer(
                .object([
                    "removed": .integer(dryRun ? 0 : pruning?.rows ?? 0), "found": .integer(pruning?.rows ?? 0),
                    "before": .string(limit.rfc3339), "anchor": .optional(pruning?.anchor.head.description),
                ]))
        }
        guard let pruning else {
            return try output.answer("Nothing to remove: no row but the newest is older than \(limit.rfc3339)")
        }
        try output.answer(Self.sentence(pruning, dryRun ? "would be removed" : "removed"))
    }
}
