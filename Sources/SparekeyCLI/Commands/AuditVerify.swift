import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey audit verify`.
struct AuditVerify: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "verify", helpNames: [])

    static let help = """
        sparekey audit verify: is every row of the audit trail as it was written?

        Status 0 when the trail holds, 1 when not; then it names the first bad row. The end
        of the trail is held against the file audit.head in the data folder.

          --expect HEAD     also look for this head, which you noted elsewhere: whoever has
                            the instance key could write a trail anew, but not this note
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey audit verify
        """

    @OptionGroup var common: CommonOptions
    @Option var expect: String?

    func run(_ session: Session) async throws {
        let expected = try expect.map(Self.head)
        let instance = try await session.open()
        let verdict = try await session.output.working("Checking the audit trail") { line in
            try await instance.verifyAuditTrail(expect: expected) { line.note(AuditText.rows($0)) }
        }
        guard session.output.json else {
            try show(verdict, session.output)
            guard verdict.isValid else { throw Declined() }
            return
        }
        try session.output.answer(verdict.document)
        guard let fault = verdict.fault else { return }
        throw CommandFailure(
            .failed, "the audit trail is not valid: \(fault.words)", hint: fault.advice)
    }

    private func show(_ verdict: AuditVerdict, _ output: Output) throws {
        if let fault = verdict.fault {
            try output.answer("The audit trail is not valid: \(fault.words)")
            if verdict.rows > 0 {
                try output.answer("\(AuditText.rows(verdict.rows)) before that are as they were written")
            }
            output.advise(fault.advice)
            return
        }
        try output.answer("The audit trail is valid: \(AuditText.rows(verdict.rows))")
        if let pruned = verdict.pruned {
            try output.answer(
                "\(AuditText.rows(pruned.rows)) before them were pruned, the last on \(pruned.at.rfc3339)")
        }
        guard let head = verdict.head else { return }
        try output.answer("Head: \(head)")
        if verdict.kept == nil {
            output.warn("there is no file audit.head yet: a missing end of the trail may not be seen")
        } else if let kept = verdict.kept, kept.sequence < head.sequence {
            output.advise("The file audit.head is at row \(kept.sequence); it follows with the next act.")
        }
        output.advise("Note the head elsewhere; later: sparekey audit verify --expect HEAD")
    }

    private static func head(_ text: String) throws -> AuditHead {
        guard let head = AuditHead(text) else {
            throw CommandFailure(
                .usage, "--expect takes a head as audit verify prints it",
                hint: "a number, a colon and 64 hexadecimal digits")
        }
        return head
    }
}

/// What was found, in a person's words.
enum AuditText {
    static func rows(_ count: Int64) -> String {
        count == 1 ? "1 row" : "\(count) rows"
    }
}

extension AuditVerdict {
    fileprivate var document: JSONValue {
        .object([
            "valid": .bool(isValid), "rows": .integer(rows),
            "firstBad": fault?.firstBad.map(JSONValue.integer) ?? .null,
        ])
    }
}
