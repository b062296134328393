import Foundation
import PasswordHashing
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey reset-password` in another program's database (APP-1, APP-8): says which program it is and what will change,
/// asks, resets, and says how to take it back.
struct ProgramReset {
    let command: ResetPasswordCommand
    let session: Session
    let terminal: Terminal?

    private var output: Output { session.output }

    func run(_ source: PasswordSource) async throws {
        output.trail("Starting password reset process")
        let program = try await afterSettling { try await FoundProgram(try choice(), session.options, choose: choose) }
        try refuseUsage(program)
        output.trail("Connecting to database: \(program.place)")
        if program.holdsPassword { output.warn(FoundProgram.passwordInAddress) }
        let (found, preview, stored) = try await account(program)
        if command.dryRun { return try answer(program, found, preview) }
        try refuse(found)
        try confirm(program, found, preview)
        let instance = try await session.openBesideProgram(ProgramAddress(program))
        for caution in preview.cautions where command.yes { output.warn(caution) }
        output.trail("Sparekey's own records: \(instance.place)")
        let accept = instance.acceptPassword(for: program)
        let password = try await password(source, found.account, accept)
        if !command.noBackup,
            let copy = try await instance.copyBeforeFirstReset(of: program, isInPlace: command.inPlace)
        {
            output.trail("Copy of the database as it was: \(copy)")
        }
        let request = try request(found.account, password, instance, confirmed: command.yes ? nil : stored)
        let report = try await reset(request, program, instance)
        try answer(report, password, program, found)
    }

    // MARK: - Steps

    /// A reset of ours that was cut off in the middle of its write leaves a file that cannot be read before it is settled, or
    /// that looks as if the account were gone.
    private func afterSettling<Value>(_ look: () async throws -> Value) async throws -> Value {
        do {
            return try await look()
        } catch  where !command.dryRun && Self.mayBeCutOff(error) {
            guard (try? await session.settlePrograms()) != nil else { throw error }
            return try await look()
        }
    }

    private static func mayBeCutOff(_ error: any Error) -> Bool {
        if let error = error as? InstanceError { return [.cutOff, .misfit].contains(error.code) }
        guard let error = error as? RecoveryError else { return false }
        return [.unknownAccount, .ambiguous].contains(error.code)
    }

    private func refuseUsage(_ program: FoundProgram) throws {
        guard command.inPlace, !program.profile.keepsFiles else { return }
        throw CommandFailure(
            .usage, "\(program.profile.title) keeps its accounts in a database, and --in-place is for files",
            hint: "nothing was changed; leave --in-place out")
    }

    private func choice() throws -> FoundProgram.Choice {
        if let app = command.app { return .attached(app) }
        if let address = session.common.database { return .address(address, profile: command.profile) }
        guard let container = command.container else { preconditionFailure("a program was named") }
        let found = try Instance.program(inContainer: container, profile: command.profile, session.options)
        for note in found.notes { output.advise("Note: \(note)") }
        return .address(found.address, profile: command.profile, password: found.password)
    }

    private func choose(_ profiles: [Profile]) throws -> Profile? {
        guard let terminal, !command.yes else { return nil }
        terminal.say("This database fits several programs:")
        for (number, profile) in profiles.enumerated() {
            terminal.say("   \(number + 1)  \(shown(profile.titleInDatabase))")
        }
        let answer = try terminal.ask("Which one is it? ")
        guard let number = Int(answer), profiles.indices.contains(number - 1) else { throw declined(terminal) }
        return profiles[number - 1]
    }

    private func account(
        _ program: FoundProgram
    ) async throws -> (account: ProgramAccount, preview: ProgramPreview, stored: StoredColumns?) {
        if let name = command.account {
            guard program.profile.keepsFiles else { return try await program.account(name) }
            return try await afterSettling { try await program.account(name, isInPlace: command.inPlace) }
        }
        guard let terminal else { preconditionFailure("without a terminal an account is named") }
        introduce(program, terminal)
        for _ in 1...3 {
            let name = try terminal.ask("Account: ")
            do {
                return try await program.account(name, isInPlace: command.inPlace)
            } catch let error as RecoveryError where error.code == .unknownAccount || error.code == .ambiguous {
                terminal.say(shown("\(error.reason): \(error.hint ?? "")."))
            }
        }
        throw RecoveryError(
            .unknownAccount, reason: "no account was found in three tries", hint: "nothing was changed")
    }

    private func refuse(_ found: ProgramAccount) throws {
        guard let refusal = found.refusal, !(refusal.canBeConfirmed && (command.yes || terminal != nil)) else { return }
        let out = refusal.refusal.wayOut
        throw CommandFailure(
            .refused, "nothing was changed: \(refusal.refusal.reason)",
            hint: refusal.canBeConfirmed ? "\(out), or confirm it with --yes" : out)
    }

    private func confirm(_ program: FoundProgram, _ found: ProgramAccount, _ preview: ProgramPreview) throws {
        guard !command.yes else { return }
        guard let terminal else {
            throw CommandFailure(
                .usage, "a reset in another program's database is confirmed first, and there is no terminal to ask in",
                hint: "nothing was changed; --dry-run shows what would be, --yes goes on without asking")
        }
        if command.account != nil { introduce(program, terminal) }
        terminal.say("")
        terminal.say("Account found:")
        for line in found.details { terminal.say(shown(line)) }
        terminal.say("")
        terminal.say("What will change:")
        say(preview.inWords, terminal)
        if !program.profile.limits.isEmpty {
            terminal.say("")
            terminal.say("What a reset does not do:")
            say(program.profile.limits.map { "   \($0)" }, terminal)
        }
        terminal.say("")
        if let refusal = found.refusal {
            terminal.say("WARNING: \(shown(refusal.refusal.reason)). Better: \(shown(refusal.refusal.wayOut)).")
        }
        guard try terminal.confirm("Do you want to reset the password for this account?") else {
            throw declined(terminal)
        }
    }

    /// In lines that a screen holds.
    private func say(_ lines: [String], _ terminal: Terminal) {
        for line in lines.flatMap({ WrappedText(shown($0), indent: 6).lines }) { terminal.say(line) }
    }

    private func introduce(_ program: FoundProgram, _ terminal: Terminal) {
        terminal.say(
            "\(shown(program.profile.titleInDatabase)), in \(shown(program.database)) at \(shown(program.place))")
    }

    private func password(
        _ source: PasswordSource, _ account: Account, _ accept: AcceptPassword
    ) async throws -> AcceptedPassword {
        if command.account == nil, let terminal {
            return try await NewPasswordDialogue(terminal: terminal, judge: accept.judge).ask(
                context: accept.context(for: account), history: [])
        }
        return try await command.accept(source, for: account, by: accept, output)
    }

    private func request(
        _ account: Account, _ password: AcceptedPassword, _ instance: Instance, confirmed: StoredColumns?
    ) throws -> ResetRequest {
        ResetRequest(
            account: account, password: password, form: command.account == nil ? .interactive : .named,
            proof: .operatorShell, actor: session.actor, reason: try command.reason(instance.settings, terminal),
            forceChange: command.forced, keepsUndo: !command.noUndo, confirmed: confirmed)
    }

    private func reset(
        _ request: ResetRequest, _ program: FoundProgram, _ instance: Instance
    ) async throws -> ResetReport {
        let opened = try await instance.open(program, isConfirmed: true, isInPlace: command.inPlace)
        do {
            let report = try await session.writing(look: "resets list", inProgram: true) {
                try await opened.resetPassword(request)
            }
            await opened.close()
            return report
        } catch {
            await opened.close()
            if request.password.origin == .generated, (error as? RecoveryError)?.code == .unclear {
                // It may be the one in force by now: nobody else could tell.
                try output.answer(request.password.shownOnce)
            }
            throw error
        }
    }

    // MARK: - Answers

    private func answer(
        _ report: ResetReport, _ password: AcceptedPassword, _ program: FoundProgram, _ found: ProgramAccount
    ) throws {
        output.remark(on: report)
        for state in found.states where state.blocks {
            output.warn("\(report.account.quoted) still cannot sign in: \(state.say)")
        }
        let line = "Password reset for \(report.account.quoted) in \(program.profile.title)"
        if output.json {
            var members = report.members(warnings: output.warnings)
            if password.origin == .generated { members["password"] = .string(password.shownOnce) }
            try output.answer(.object(members))
        } else if password.origin == .generated {
            try output.answer(password.shownOnce)
            output.report(line)
        } else {
            try output.answer(line)
        }
        advise(report, password, program, found)
    }

    private func advise(
        _ report: ResetReport, _ password: AcceptedPassword, _ program: FoundProgram, _ found: ProgramAccount
    ) {
        if report.requirePasswordChange {
            output.advise("\(program.profile.title) asks for a new one at the next sign-in.")
        }
        if password.origin == .generated {
            output.advise("Give it in person, by telephone or encrypted chat. It is not shown again.")
        }
        for state in found.states where !state.blocks { output.advise("Note: \(state.say).") }
        for line in program.profile.afterwards { output.advise("To do: \(line)") }
        if let until = report.undoUntil {
            let words = "undo \(report.number)\(command.inPlace ? " --in-place" : "")"
            let undo = session.common.command(words, withDatabase: false)
            output.advise("\(undo) puts the old password back, until \(until.rfc3339).")
        }
    }

    /// `--dry-run`.
    private func answer(_ program: FoundProgram, _ found: ProgramAccount, _ preview: ProgramPreview) throws {
        guard !output.json else { return try output.answer(preview.document(program, found)) }
        try output.answer("\(program.profile.title), in \(program.database) at \(program.place)")
        for line in found.details { try output.answer(line) }
        try output.answer("Would do this; nothing was changed:")
        for line in preview.lines + preview.triggerLines + preview.cautions.map({ "   \($0)" }) {
            try output.answer(line)
        }
        if let refusal = found.refusal {
            try output.answer("It would be refused: \(refusal.refusal.reason); instead: \(refusal.refusal.wayOut)")
        }
    }

    private func declined(_ terminal: Terminal) -> Declined {
        terminal.say("Nothing was changed.")
        return Declined()
    }

    private func shown(_ text: String) -> String { DisplayText(text, limit: 1_000).text }
}

extension ProgramAccount {
    /// What is known of it; a program need not have a name or roles.
    fileprivate var details: [String] {
        let name = account.displayName.isEmpty ? [] : ["   Name: \(account.displayName)"]
        return name + [
            "   Username: \(account.username)", "   E-mail: \(account.email ?? "none")",
            "   Admin: \(account.role == .admin ? "Yes" : "No")",
        ] + states.map { "   \($0.blocks ? "Cannot sign in" : "Note"): \($0.say)" }
    }
}

extension ProgramPreview {
    /// For somebody who is asked whether to go on; `--dry-run` has the statements.
    fileprivate var inWords: [String] {
        steps.filter { $0.rows > 0 }.map { "   \($0.table): \($0.rowsInWords), \($0.purpose)" }
            + documents.map { "   the file \($0), to set the new password" }
            + triggers.map { "   \($0.table): the program's own trigger \($0.name) is set off" }
            + cautions.map { "   \($0)" }
    }

    fileprivate var lines: [String] {
        steps.filter { $0.rows > 0 }.map { "   \($0.statement)  -- \($0.rowsInWords), \($0.purpose)" }
            + documents.map { "   the file \($0) is written, to set the new password" }
    }

    fileprivate var triggerLines: [String] {
        triggers.map { "   sets off the trigger \($0.name) on \($0.table): \($0.definition)" }
    }

    fileprivate func document(_ program: FoundProgram, _ found: ProgramAccount) -> JSONValue {
        .object([
            "account": .object([
                "id": .string(found.account.id), "username": .string(found.account.username),
                "email": .optional(found.account.email), "app": .string(program.profile.name),
            ]),
            "dryRun": .bool(true),
            "program": .object([
                "profile": .string(program.profile.reference), "title": .string(program.profile.title),
                "database": .string(program.database), "place": .string(program.place),
            ]),
            "steps": .array(
                steps.map {
                    .object([
                        "table": .string($0.table), "statement": .string($0.statement),
                        "rows": .integer(Int64($0.rows)),
                        "purpose": .string($0.purpose),
                    ])
                }),
            "triggers": .array(triggers.map { .object(["table": .string($0.table), "name": .string($0.name)]) }),
            "documents": .array(documents.map(JSONValue.string)),
            "states": .array(found.states.map { .string($0.say) }),
            "refusal": .optional(found.refusal?.refusal.reason), "warnings": .array(cautions.map(JSONValue.string)),
        ])
    }
}

extension ProgramPreview.Step {
    fileprivate var rowsInWords: String { rows == 1 ? "1 row" : "\(rows) rows" }
}
