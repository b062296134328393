import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey audit`: what was done, by whom, and whether the record of it still stands (SEC-10).
struct AuditCommand: SparekeyCommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "audit", subcommands: [AuditList.self, AuditVerify.self, AuditExport.self, AuditPrune.self],
        helpNames: [])

    static let help = """
        sparekey audit: the audit trail

          sparekey audit list [--search TEXT] [--limit N] [--after NUMBER]
          sparekey audit verify [--expect HEAD]   is every row as it was written?
          sparekey audit export FILE|-            every row, as JSON lines
          sparekey audit prune --before DATE      remove the oldest rows, leave an anchor

        Each has its own --help.

        Example: sparekey audit list --search ada
        """
}

/// `sparekey audit list`.
struct AuditList: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "list", helpNames: [])

    static let help = """
        sparekey audit list: what was done, newest first

          --search TEXT     only rows with TEXT in the action, account, user, reason or time
          --limit N         at most N rows (default 50, at most 1000)
          --after NUMBER    begin behind this row: the next page, with older rows
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        It shows the rows as they are; sparekey audit verify says whether they are genuine.

        Example: sparekey audit list --search password.reset
        """

    @OptionGroup var common: CommonOptions
    @Option var search: String?
    @Option var limit = 50
    @Option var after: Int64?

    func run(_ session: Session) async throws {
        guard (1...1000).contains(limit) else {
            throw CommandFailure(.usage, "--limit takes a number from 1 to 1000")
        }
        let instance = try await session.open()
        let (rows, next) = try await session.output.working("Looking through the audit trail") { line in
            try await ListAuditTrail(instance.auditTrail)(search: search, after: after, limit: limit) {
                line.note(AuditText.rows($0))
            }
        }
        guard !session.output.json else {
            return try session.output.answer(
                .object(["rows": .array(rows.map(\.listing)), "next": next.map(JSONValue.integer) ?? .null]))
        }
        let table = Table(["ROW", "TIME", "ACTION", "ACCOUNT", "BY"], rows.map(\.cells)).lines
        if let heading = table.first { try session.output.answer(heading) }
        for (line, row) in zip(table.dropFirst(), rows) {
            try session.output.answer(line)
            if let reason = row.reason { try session.output.answer("     reason: \(reason)") }
            for head in row.cites { try session.output.answer("     cites: \(head)") }
        }
        if rows.isEmpty { session.output.advise("There is no such row.") }
        if let next { session.output.advise("More: sparekey audit list --after \(next)") }
    }
}

/// `sparekey audit export`.
struct AuditExport: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "export", helpNames: [])

    static let help = """
        sparekey audit export FILE: every row as a line of JSON, oldest first

        FILE is created for you alone (0600) and must not exist; - is standard output.
        Each line: the row's number, its MAC, and its fields as they were stored.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey audit export audit-2026-02.jsonl
        """

    @OptionGroup var common: CommonOptions
    @Argument(completion: .file()) var file: String

    func run(_ session: Session) async throws {
        let output = session.output
        guard file != "-" || !output.json else {
            throw CommandFailure(
                .usage, "--json and - exclude each other: standard output would hold many documents",
                hint: "leave --json out, each line is JSON already; or name a FILE")
        }
        let instance = try await session.open()
        let sink = try AuditExportSink(file, output)
        let written: Int64
        do {
            // Where the lines themselves are seen, they are the progress.
            written =
                if sink.isSeen { try await instance.exportAuditTrail(write: sink.write) } else {
                    try await output.working("Exporting the audit trail") { line in
                        try await instance.exportAuditTrail(
                            progress: { line.note(AuditText.rows($0)) }, write: sink.write)
                    }
                }
            try sink.finish()
        } catch {
            sink.discard()
            throw error
        }
        guard file != "-" else { return }
        try output.json
            ? output.answer(.object(["file": .string(file), "rows": .integer(written)]))
            : output.answer("\(AuditText.rows(written)) written to \(file)")
    }
}

extension AuditRecord {
    fileprivate var cells: [String] {
        [String(sequence), at?.rfc3339 ?? "?", action ?? "not readable", username ?? "-", actor]
    }

    private var actor: String {
        let name = userName ?? realUserID.map { "uid \($0)" } ?? address ?? actorKind ?? "-"
        return claimedUser.map { "\(name) (as \($0))" } ?? name
    }

    /// As `audit list --json` shows it.
    fileprivate var listing: JSONValue {
        .object([
            "sequence": .integer(sequence), "action": .optional(action), "at": .optional(at?.rfc3339),
            "account": .object(["id": .optional(accountID), "username": .optional(username), "app": .optional(app)]),
            "proof": .optional(proof), "reason": .optional(reason), "outcome": .optional(outcome),
            "uid": .optional(realUserID), "loginUid": .optional(loginUserID), "user": .optional(userName),
            "claimedUser": .optional(claimedUser), "actor": .optional(actorKind), "by": .optional(actorAccountID),
            "address": .optional(address), "nameHash": .optional(nameHash),
            "cites": .array(cites.map { .string($0.description) }),
        ])
    }
}

extension JSONValue {
    fileprivate static func optional(_ number: UInt32?) -> JSONValue {
        number.map { .integer(Int64($0)) } ?? .null
    }
}
