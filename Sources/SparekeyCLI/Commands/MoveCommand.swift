import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey move` (OPS-1): from the file to PostgreSQL, and back to the file as it was.
struct MoveCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "move", helpNames: [])

    static let help = """
        sparekey move --to ADDRESS: take the accounts from the file to PostgreSQL

        ADDRESS is an empty database, as in postgres://USER@HOST/NAME. Everything goes along:
        passwords, sessions, outstanding tokens and codes, undo, the audit trail; each table
        is read back and compared. Stop the server first. Until the end the file is in force:
        when it is cut off, run it again. Afterwards the file stays as it was and opens for
        nobody, and the settings file in the data folder names ADDRESS; where the setting
        comes from elsewhere, it says what to set. The key file stays where it is.

          --to ADDRESS   the database to move to
          --back         take the file up again, as it was when the accounts left it: what
                         happened since is not in it. Sessions, tokens and codes of that
                         time do not come back
          --yes          do not ask; needed without a terminal, and with --back only
          --reason TEXT  for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey move --to postgres://sparekey@db.example.org/sparekey
        """

    @OptionGroup var common: CommonOptions
    @Option var to: String?
    @Flag var back = false
    @Flag var yes = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        let reason = reason.map { DisplayText($0, limit: 300).text }
        switch (to, back) {
        case (let to?, false):
            guard !yes else { throw CommandFailure(.usage, "--yes has a meaning with --back only") }
            try await move(to: to, reason, session)
        case (nil, true): try await goBack(reason, session)
        default:
            throw CommandFailure(.usage, "either --to ADDRESS or --back is needed", hint: "sparekey move --help")
        }
    }

    private func move(to address: String, _ reason: String?, _ session: Session) async throws {
        let output = session.output
        output.trail("Starting move")
        let move = try InstanceMove(session.options)
        let report = try await output.working("Moving the accounts") { line in
            try await move(to: address, actor: session.actor, reason: reason) { done, all in
                line.note(done < all ? "\(done * 100 / max(all, 1)) %" : "checking the audit trail")
            }
        }
        for warning in report.warnings { output.warn(warning) }
        output.trail("Accounts moved: \(report.from) to \(report.to)")
        guard !output.json else { return try output.answer(report.document(output.warnings)) }
        try output.answer("The accounts are in \(report.to)")
        for line in report.lines { try output.answer("   \(line)") }
        if let toSet = report.toSet { output.advise("Set \(toSet)") }
        output.advise("The file \(report.from) is as it was and opens for nobody: keep it until you are sure")
        output.advise("Back it up by PostgreSQL's own tools from now on (pg_dump), and the key file apart from it")
    }

    private func goBack(_ reason: String?, _ session: Session) async throws {
        let output = session.output
        output.trail("Starting move back")
        let move = try InstanceMove(session.options)
        try confirm()
        let report = try await move.back(actor: session.actor, reason: reason)
        output.trail("Accounts taken up again: \(report.place), which had been moved to \(report.left)")
        guard !output.json else { return try output.answer(report.document(output.warnings)) }
        try output.answer("The accounts are those of \(report.place)")
        if let file = report.settingsFile { try output.answer("   The settings file names it: \(file)") }
        try output.answer(
            "   Ended: \(report.voided.sessions) sessions, \(report.voided.proofs) tokens and codes, \(report.voided.undo) undo"
        )
        if let toSet = report.toSet { output.advise("Set \(toSet)") }
        output.advise("\(report.left) still holds the accounts that were moved there: stop its servers, and drop it")
    }

    private func confirm() throws {
        guard !yes else { return }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(
                .usage, "there is no terminal to ask in", hint: "--yes takes the file up again without asking")
        }
        terminal.say("What happened since the move is not in the file: passwords are those of then.")
        guard try terminal.confirm("Take the file up again?") else {
            terminal.say("Nothing was changed.")
            throw Declined()
        }
    }
}

extension MoveReport {
    fileprivate func count(_ table: String) -> Int { rows.first { $0.table == table }?.count ?? 0 }

    fileprivate var lines: [String] {
        var lines: [String] = []
        if rows.isEmpty {
            lines.append("An earlier move had copied everything; it is finished now")
        } else {
            let all = rows.reduce(0) { $0 + $1.count }
            lines.append(
                "\(count("account")) accounts, \(count("audit")) audit rows, \(all) rows in all: each compared")
        }
        if let settingsFile { lines.append("The settings file names it: \(settingsFile)") }
        return lines
    }

    fileprivate func document(_ warnings: [String]) -> JSONValue {
        .object([
            "moved": .bool(true), "from": .string(from), "to": .string(to),
            "rows": .object(Dictionary(uniqueKeysWithValues: rows.map { ($0.table, .integer(Int64($0.count))) })),
            "settingsFile": .optional(settingsFile), "toSet": .optional(toSet),
            "warnings": .array(warnings.map(JSONValue.string)),
        ])
    }
}

extension MoveBackReport {
    fileprivate func document(_ warnings: [String]) -> JSONValue {
        .object([
            "back": .bool(true), "database": .string(place), "left": .string(left),
            "voided": .object([
                "sessions": .integer(Int64(voided.sessions)), "tokens": .integer(Int64(voided.proofs)),
                "undo": .integer(Int64(voided.undo)),
            ]),
            "settingsFile": .optional(settingsFile), "toSet": .optional(toSet),
            "warnings": .array(warnings.map(JSONValue.string)),
        ])
    }
}
