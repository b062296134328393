import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey resets`: the journal.
struct ResetsCommand: SparekeyCommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "resets", subcommands: [ResetsList.self, ResetsShow.self], helpNames: [])

    static let help = """
        sparekey resets: the journal of every reset, newest first

          sparekey resets list [--limit N] [--after RESET]
          sparekey resets show RESET

        Example: sparekey resets list --limit 5
        """
}

/// `sparekey resets list`.
struct ResetsList: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "list", helpNames: [])

    static let help = """
        sparekey resets list: the journal, newest first

          --limit N         at most N resets (default 20, at most 1000)
          --after RESET     the page behind this number
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey resets list --limit 5
        """

    @OptionGroup var common: CommonOptions
    @Option var limit = 20
    @Option var after: Int64?

    func run(_ session: Session) async throws {
        guard (1...1000).contains(limit) else {
            throw CommandFailure(.usage, "--limit takes a number from 1 to 1000")
        }
        let instance = try await session.open()
        let found = try await instance.journal.records(before: after, limit: limit + 1)
        let records = Array(found.prefix(limit))
        let next = found.count > limit ? records.last?.number : nil
        guard !session.output.json else {
            return try session.output.answer(
                .object([
                    "resets": .array(records.map(\.listing)), "next": next.map(JSONValue.integer) ?? .null,
                ]))
        }
        let rows = records.map { [String($0.number), $0.at.rfc3339, $0.whom, $0.words] }
        for line in Table(["RESET", "TIME", "ACCOUNT", "STATE"], rows).lines { try session.output.answer(line) }
        if records.isEmpty { session.output.advise("There was no reset yet.") }
        if let next { session.output.advise("More: sparekey resets list --after \(next)") }
    }
}

/// `sparekey resets show`.
struct ResetsShow: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "show", helpNames: [])

    static let help = """
        sparekey resets show RESET: one reset

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey resets show 12
        """

    @OptionGroup var common: CommonOptions
    @Argument var reset: Int64

    func run(_ session: Session) async throws {
        let instance = try await session.open()
        guard let record = try await instance.journal.record(reset) else {
            throw RecoveryError(
                .unknownReset, reason: "there is no reset \(reset)", hint: "sparekey resets list shows them all")
        }
        guard !session.output.json else { return try session.output.answer(.object(["reset": record.listing])) }
        try session.output.answer("   Reset: \(record.number)")
        try session.output.answer("   Account: \(record.username) (account_id=\(record.accountID))")
        if let app = record.app { try session.output.answer("   App: \(app.name) in \(app.database)") }
        try session.output.answer("   Time: \(record.at.rfc3339)")
        try session.output.answer("   State: \(record.words)")
        try session.output.answer("   Proof: \(record.proof)")
        try session.output.answer("   Reason: \(record.reason ?? "none given")")
        if let until = record.canBeUndoneUntil {
            let undo = common.command("undo \(record.number)", withDatabase: true)
            try session.output.answer("   Can be undone until \(until.rfc3339): \(undo)")
        }
    }
}

extension ResetRecord {
    fileprivate var whom: String { app.map { "\(username) in \($0.name)" } ?? username }

    fileprivate var words: String {
        switch state {
        case .prepared: "not finished"
        case .abandoned: "not applied"
        case .unclear: "cut off; nobody knows which password works"
        case .done: undoes.map { "undid reset \($0)" } ?? done
        }
    }

    private var done: String {
        if let undoneBy { return "done, undone by reset \(undoneBy)" }
        if let replacedBy { return "done, replaced by reset \(replacedBy)" }
        return undoUntil == nil ? "done" : "done, can be undone"
    }

    /// Nothing can be put back once something else is stored.
    fileprivate var canBeUndoneUntil: Timestamp? { undoneBy == nil && replacedBy == nil ? undoUntil : nil }

    fileprivate var listing: JSONValue {
        .object([
            "reset": .integer(number), "state": .string(state.rawValue), "app": .optional(app?.name),
            "account": .object(["id": .string(accountID), "username": .string(username)]), "proof": .string(proof),
            "reason": .optional(reason), "at": .string(at.rfc3339), "undoUntil": .optional(canBeUndoneUntil?.rfc3339),
            "undoes": undoes.map(JSONValue.integer) ?? .null, "undoneBy": undoneBy.map(JSONValue.integer) ?? .null,
        ])
    }
}
