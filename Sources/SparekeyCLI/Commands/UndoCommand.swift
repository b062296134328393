import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey undo` (APP-4): the operator's proof, through the same journal as every reset.
struct UndoCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "undo", helpNames: [])

    static let help = """
        sparekey undo RESET: put the old password back

        RESET is the number that reset-password and sparekey resets list show. What the
        reset replaced comes back, with its flag and expiry; all sessions end. Possible for
        24 hours (setting undo.keep), once, and only while nothing came after it.

          --reason TEXT     for the audit trail
          --in-place        write into a program's file itself, where it cannot be replaced
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey undo 12
        """

    @OptionGroup var common: CommonOptions
    @Argument var reset: Int64
    @Option var reason: String?
    @Flag var inPlace = false

    func run(_ session: Session) async throws {
        session.output.trail("Starting undo of reset \(reset)")
        let report = try await undo(session, reason.map { DisplayText($0, limit: 400).text })
        session.output.remark(on: report)
        if session.output.json {
            try session.output.answer(.object(report.members(warnings: session.output.warnings)))
        } else {
            try session.output.answer("The old password of \(report.account.quoted) is back (reset \(reset) undone)")
        }
        if let expiry = report.expiresAt {
            session.output.advise("It is the temporary one that works until \(expiry.rfc3339).")
        }
    }

    /// A reset in a program is undone in that program's database: where it was, or where `--database` says it is now.
    private func undo(_ session: Session, _ reason: String?) async throws -> ResetReport {
        let namesProgram = try await Instance.namesProgram(session.options)
        let named = try namesProgram ? session.common.database.map { try ProgramAddress($0) } : nil
        let instance = try await namesProgram ? session.openBesideProgram(named) : session.open()
        guard let app = try await instance.journal.record(reset)?.app else {
            guard !namesProgram else {
                throw CommandFailure(
                    .refused, "reset \(reset) was not made in another program",
                    hint: "nothing was changed; leave --database out, or see sparekey resets list")
            }
            session.output.trail("Connecting to database: \(instance.place)")
            return try await session.writing(look: "resets show \(reset)") {
                try await instance.undoReset(reset, actor: session.actor, reason: reason)
            }
        }
        let program = try instance.program(app, at: namesProgram ? session.common.database : nil)
        session.output.trail("Connecting to database: \(program.place)")
        // Who confirmed the reset confirmed what undoing it means.
        let opened = try await instance.open(program, isConfirmed: true, isInPlace: inPlace)
        do {
            let report = try await session.writing(look: "resets show \(reset)", inProgram: namesProgram) {
                try await opened.undoReset(reset, actor: session.actor, reason: reason)
            }
            await opened.close()
            return report
        } catch {
            await opened.close()
            throw error
        }
    }
}
