import ArgumentParser
import PasswordHashing
import Sparekey
import SparekeyInstance

/// `sparekey restore` (SEC-17, OPS-2): a backup takes the place of the database.
struct RestoreCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "restore", helpNames: [])

    static let help = """
        sparekey restore FILE: put back a database that sparekey backup wrote

        Every password is then what it was at the time of FILE. Sessions, tokens, codes and
        undo of that time do not come back. It lists the accounts whose older password works
        again. The replaced database stays beside the new one, under a name with the date.
        Stop the server first. Asks (y/n) in a terminal. FILE is only read.

        The key file must be the one that FILE belongs to. Where there is none, the key in
        FILE is used, if it was put there; its passphrase is asked for.

          --dry-run         show what would happen, and change nothing
          --yes             do not ask; needed without a terminal
          --password-stdin  read the passphrase of the key from standard input
          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey restore /mnt/backups/sparekey-2026-02-12.backup --dry-run
        """

    @OptionGroup var common: CommonOptions
    @Argument var file: String
    @Flag var dryRun = false
    @Flag var yes = false
    @Flag var passwordStdin = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting restore")
        let restoration = try await Restoration.begin(session.options, of: file, mayCreate: !dryRun)
        do {
            try await run(restoration, session)
        } catch {
            await restoration.abandon()
            throw error
        }
    }

    private func run(_ restoration: Restoration, _ session: Session) async throws {
        let output = session.output
        output.trail("Database to replace: \(restoration.place)")
        let key = try openKey(restoration)
        let plan = try await restoration.plan(key)
        for warning in plan.warnings { output.warn(warning) }
        guard !dryRun else {
            await restoration.abandon()
            return try answer(plan, nil, restoration.place, output)
        }
        try confirm(plan, restoration)
        let report = try await restoration.finish(
            plan, key: key, actor: session.actor, reason: reason.map { DisplayText($0, limit: 400).text })
        output.trail("Database restored: \(restoration.place)")
        try answer(plan, report, restoration.place, output)
        output.advise("Passwords that were changed since the backup are the older ones again: reset those that matter.")
    }

    private func openKey(_ restoration: Restoration) throws -> InstanceKey {
        do {
            return try restoration.open(passphrase: restoration.needsPassphrase ? try passphrase() : nil)
        } catch let error as RecoveryError where error.code == .unsealable {
            throw CommandFailure(.refused, error.reason, hint: "nothing was changed; try it again")
        }
    }

    private func passphrase() throws -> Password {
        if passwordStdin { return try PasswordSource.readStandardInput() }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(
                .usage, "there is no terminal to ask for the passphrase of the backup's key in",
                hint: "printf '%s\\n' \"$PASSPHRASE\" | sparekey restore FILE --yes --password-stdin")
        }
        return try terminal.askHidden("Passphrase of the backup's key: ")
    }

    private func confirm(_ plan: RestorePlan, _ restoration: Restoration) throws {
        guard !yes else { return }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(
                .usage, "there is no terminal to ask in", hint: "--yes restores without asking; --dry-run only shows")
        }
        for line in plan.lines { terminal.say(DisplayText(line, limit: 4096).text) }
        guard try terminal.confirm("Replace \(DisplayText(restoration.place, limit: 400).text) by the backup?") else {
            terminal.say("Nothing was changed.")
            throw Declined()
        }
    }

    private func answer(_ plan: RestorePlan, _ report: RestoreReport?, _ place: String, _ output: Output) throws {
        guard !output.json else {
            return try output.answer(plan.document(report, place, output.warnings))
        }
        try output.answer(report == nil ? "Would replace \(place) by \(file)" : "Restored \(place) from \(file)")
        for line in plan.lines { try output.answer(line) }
        guard let report else { return }
        try output.answer(
            "   Ended: \(report.voided.sessions) sessions, \(report.voided.proofs) tokens and codes, \(report.voided.undo) undo"
        )
        if let kept = report.kept { try output.answer("   The replaced database is kept: \(kept)") }
    }
}

extension RestorePlan {
    fileprivate var lines: [String] {
        var lines = [
            "   \(accounts) accounts; the last act in the backup was at \(latest?.rfc3339 ?? "an unknown time")"
        ]
        if let uncompared {
            lines.append("   Which passwords are older ones cannot be said: \(uncompared)")
        } else {
            lines.append(Self.line("The older password works again", olderPasswords))
            if !returning.isEmpty { lines.append(Self.line("Removed since, and back", returning)) }
            if !leaving.isEmpty { lines.append(Self.line("Added since, and gone", leaving)) }
        }
        if takesKey { lines.append("   The instance key comes out of the backup") }
        return lines
    }

    private static func line(_ what: String, _ names: [String]) -> String {
        guard !names.isEmpty else { return "   \(what): for nobody" }
        let more = names.count > 20 ? " and \(names.count - 20) more (--json lists them all)" : ""
        return "   \(what) (\(names.count)): \(names.prefix(20).joined(separator: ", "))\(more)"
    }

    fileprivate func document(_ report: RestoreReport?, _ place: String, _ warnings: [String]) -> JSONValue {
        func list(_ names: [String]) -> JSONValue { .array(names.map(JSONValue.string)) }
        var voided = JSONValue.null
        if let report {
            voided = .object([
                "sessions": .integer(Int64(report.voided.sessions)), "tokens": .integer(Int64(report.voided.proofs)),
                "undo": .integer(Int64(report.voided.undo)),
            ])
        }
        return .object([
            "restored": .bool(report != nil), "database": .string(place), "accounts": .integer(Int64(accounts)),
            "compared": .bool(uncompared == nil), "olderPasswords": list(olderPasswords),
            "returning": list(returning), "leaving": list(leaving), "takesKey": .bool(takesKey), "voided": voided,
            "kept": .optional(report?.kept), "warnings": list(warnings),
        ])
    }
}
