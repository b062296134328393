import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey key`: the instance key (SEC-13).
struct KeyCommand: SparekeyCommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "key", subcommands: [KeyRotate.self], helpNames: [])

    static let help = """
        sparekey key: the instance key, which seals what the database keeps

          sparekey key rotate    replace it by a new one

        It has its own --help.

        Example: sparekey key rotate --dry-run
        """
}

/// `sparekey key rotate`.
struct KeyRotate: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "rotate", helpNames: [])

    static let help = """
        sparekey key rotate: replace the instance key by a new one

        For when somebody may have read it. Passwords and sessions stay as they are. Reset
        tokens and codes that were given out no longer work; sync keys come back with the
        next entry of each password; undo still works. The audit trail begins a new epoch.
        A server that is running writes nothing from then on: restart it. On several
        servers, copy the key file to each. Asks (y/n) in a terminal.

        Earlier backups belong to the old key: those that hold their key bring it along, for
        the others keep a copy of the key file first. Make a new backup afterwards.

          --dry-run         show what it concerns, and change nothing
          --yes             do not ask; needed without a terminal
          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey key rotate --reason "the administrator left"
        """

    @OptionGroup var common: CommonOptions
    @Flag var dryRun = false
    @Flag var yes = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting key rotate")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let preview = try await instance.rotationPreview()
        guard !dryRun else {
            return try answer(preview, instance, "Would replace the instance key \(instance.keyPath)", session.output)
        }
        try confirm(preview, instance)
        let report = try await instance.rotateKey(
            actor: session.actor, reason: reason.map { DisplayText($0, limit: 400).text })
        session.output.trail("Instance key replaced: \(instance.keyPath)")
        if report.lostSeals > 0 {
            session.output.warn(
                "\(report.lostSeals) resets had sealed values that the old key did not open; they cannot be undone")
        }
        try answer(report, instance, "The instance key \(instance.keyPath) is a new one", session.output)
        session.output.advise(
            "Earlier backups belong to the old key: make a new one, as in sparekey backup FILE --with-key")
        session.output.advise("Restart a server that was running; copy the key file to other servers of this database")
    }

    private func confirm(_ preview: KeyRotationReport, _ instance: Instance) throws {
        guard !yes else { return }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(
                .usage, "there is no terminal to ask in", hint: "--yes replaces without asking; --dry-run only shows")
        }
        for line in preview.lines { terminal.say("   \(line)") }
        terminal.say("   Earlier backups belong to the old key, and need it.")
        guard try terminal.confirm("Replace the instance key?") else {
            terminal.say("Nothing was changed.")
            throw Declined()
        }
    }

    private func answer(_ report: KeyRotationReport, _ instance: Instance, _ headline: String, _ output: Output) throws
    {
        guard !output.json else {
            return try output.answer(
                .object([
                    "rotated": .bool(!dryRun), "keyFile": .string(instance.keyPath),
                    "passwords": .integer(Int64(report.marks)),
                    "passwordsChangedOutside": .integer(Int64(report.foreignMarks)),
                    "undoable": .integer(Int64(report.seals)), "voidedTokens": .integer(Int64(report.proofs)),
                    "voidedSyncKeys": .integer(Int64(report.syncKeys)),
                    "warnings": .array(output.warnings.map(JSONValue.string)),
                ]))
        }
        try output.answer(headline)
        for line in report.lines { try output.answer("   \(line)") }
    }
}

extension KeyRotationReport {
    fileprivate var lines: [String] {
        var lines = [
            "Passwords that stay as they are: \(marks + foreignMarks)",
            "Resets that can still be undone: \(seals)",
            "Reset tokens and codes that no longer work: \(proofs)",
            "Sync keys that come back with the next password entry: \(syncKeys)",
        ]
        if foreignMarks > 0 { lines[0] += ", \(foreignMarks) of them changed outside Sparekey" }
        return lines
    }
}
