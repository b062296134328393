import ArgumentParser
import Foundation
import PasswordHashing
import Sparekey
import SparekeyInstance

/// `sparekey reset-password`: every form of it ends in the same pipeline.
struct ResetPasswordCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "reset-password", helpNames: [])

    static let help = """
        sparekey reset-password [ACCOUNT] [NEW-PASSWORD]: reset a password

        Without ACCOUNT it asks for everything in the terminal. With ACCOUNT (username or
        e-mail) it asks nothing; without a password it generates one and prints it once.
        Where --database names another program's database, it says which program that is and
        what will change, asks, and resets the password there.

          --password-stdin      read the new password from standard input (safest in scripts)
          --generate            generate a password (the default with ACCOUNT)
          --force-change, --no-force-change   must it be changed at the next sign-in?
          --reason TEXT         for the audit trail; "compromised" keeps nothing for undo
          --no-undo             do not keep the old password sealed for sparekey undo
          --dry-run             show what would change, and change nothing
          --list                list the accounts
          --app NAME, --container NAME, --profile NAME   a program that is attached, or runs
                                there; which one it is, where that is not clear
          --no-backup, --in-place   no copy before the first reset in a program; write into
                                its file itself, where that cannot be replaced
          --yes                 go on without asking; for scripts
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey reset-password alice
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String?
    @Argument var newPassword: String?
    @Flag var passwordStdin = false
    @Flag var generate = false
    @Flag var forceChange = false
    @Flag var noForceChange = false
    @Option var reason: String?
    @Flag var noUndo = false
    @Flag var dryRun = false
    @Flag var list = false
    @Flag var yes = false
    @Option var app: String?
    @Option var container: String?
    @Option var profile: String?
    @Flag var noBackup = false
    @Flag var inPlace = false

    func run(_ session: Session) async throws {
        if try await namesProgram(session) { return try await resetInProgram(session) }
        if list { return try await UsersListing(search: nil, after: nil, limit: 1000).show(session) }
        try refuseQuickModes(try session.settings())
        let source = try PasswordSource(
            argument: newPassword, standardInput: passwordStdin, generate: generate, otherwise: .generated)
        let terminal = Terminal.open()
        try refuseUsage(terminal: terminal)
        session.output.trail("Starting password reset process")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let form = FoundReset(command: self, session: session, instance: instance, terminal: terminal)
        if let account {
            try await form.named(account, source: source)
        } else if let terminal {
            try await ResetDialogue(reset: form, terminal: terminal).run()
        }
    }

    private func refuseUsage(terminal: Terminal?) throws {
        guard !(forceChange && noForceChange) else {
            throw CommandFailure(.usage, "--force-change and --no-force-change exclude each other")
        }
        guard account == nil else { return }
        if passwordStdin || generate {
            throw CommandFailure(
                .usage, "a password was given and no account", hint: "sparekey reset-password ACCOUNT --password-stdin")
        }
        guard !dryRun else {
            throw CommandFailure(
                .usage, "--dry-run needs an account", hint: "sparekey reset-password ACCOUNT --dry-run")
        }
        guard terminal != nil else {
            throw CommandFailure(
                .usage, "there is no terminal to ask in",
                hint:
                    "name the account: sparekey reset-password ACCOUNT --password-stdin, or ACCOUNT alone to generate "
                    + "one; in a container, docker exec -it gives a terminal"
            )
        }
    }

    private func namesProgram(_ session: Session) async throws -> Bool {
        let places = [app, container, session.common.database].compactMap(\.self).count
        guard places < 2 else {
            throw CommandFailure(
                .usage, "the program's database is named twice",
                hint: "use one of --app, --container and --database")
        }
        guard app == nil, container == nil else { return true }
        guard profile == nil else {
            guard session.common.database != nil else {
                throw CommandFailure(
                    .usage, "--profile says which program it is, and not where its database is",
                    hint: "add --database PATH, or postgres://… or mysql://…, or --container NAME")
            }
            return true
        }
        return try await Instance.namesProgram(session.options)
    }

    private func resetInProgram(_ session: Session) async throws {
        try refuseQuickModes(try Instance.settings(session.options.forProgram))
        guard !list else {
            throw CommandFailure(
                .usage, "the accounts of another program are not listed", hint: "sparekey apps check counts them")
        }
        let source = try PasswordSource(
            argument: newPassword, standardInput: passwordStdin, generate: generate, otherwise: .generated)
        let terminal = Terminal.open()
        try refuseUsage(terminal: terminal)
        try await ProgramReset(command: self, session: session, terminal: terminal).run(source)
    }

    /// PAL-3: "no quick modes".
    private func refuseQuickModes(_ settings: Settings) throws {
        guard settings.interactiveOnly else { return }
        guard account != nil || newPassword != nil || generate || passwordStdin || yes else { return }
        throw CommandFailure(
            .notAllowed, "this instance allows the interactive form only (interactive_only)",
            hint: "run sparekey reset-password alone in a terminal")
    }

    var forced: Bool? {
        forceChange ? true : noForceChange ? false : nil
    }
}

/// A reset on its way from the command line into the pipeline, and its answer on the way back.
struct FoundReset {
    let command: ResetPasswordCommand
    let session: Session
    let instance: Instance
    let terminal: Terminal?

    private var output: Output { session.output }

    /// The form that names ACCOUNT and asks nothing.
    func named(_ name: String, source: PasswordSource) async throws {
        let account = try await instance.account(name)
        let password = try await command.accept(
            source, for: account, by: instance.acceptPassword, output)
        let request = try request(account, password, form: .named)
        if command.dryRun { return try await preview(request) }
        do {
            try await session.writing(look: "resets list") {
                try answer(try await instance.resetPassword(request), password)
            }
        } catch let error as RecoveryError where error.code == .unclear && password.origin == .generated {
            // It may be the one in force by now: nobody else could tell.
            try output.answer(password.shownOnce)
            throw error
        }
    }

    /// - Throws: `usage` where the setting `require_reason` wants a reason and nobody can be asked for it.
    func request(_ account: Account, _ password: AcceptedPassword, form: ResetForm) throws -> ResetRequest {
        ResetRequest(
            account: account, password: password, form: form, proof: .operatorShell, actor: session.actor,
            reason: try command.reason(instance.settings, terminal), forceChange: command.forced,
            keepsUndo: !command.noUndo)
    }

    private func preview(_ request: ResetRequest) async throws {
        let temporary = instance.isTemporary(request)
        let keepsUndo = request.keepsUndo && !request.isCompromised
        guard !output.json else {
            return try output.answer(
                .object([
                    "account": request.account.reference, "dryRun": .bool(true),
                    "requirePasswordChange": .bool(temporary), "undo": .bool(keepsUndo),
                    "storedAs": .string(instance.hasher.schemeText), "warnings": .array([]),
                ]))
        }
        try output.answer("Would reset the password of \(request.account.quoted); nothing was changed")
        try output.answer("   stored as: \(instance.hasher.schemeText)")
        try output.answer("   must be changed at the next sign-in: \(temporary ? "yes" : "no")")
        try output.answer("   ended: all sessions and outstanding reset tokens of the account")
        try output.answer("   kept sealed for undo: \(keepsUndo ? "yes" : "no")")
    }

    private func answer(_ report: ResetReport, _ password: AcceptedPassword) throws {
        output.remark(on: report)
        let line = "Password reset for \(report.account.quoted)"
        if output.json {
            try output.answer(document(report, password))
        } else if password.origin == .generated {
            try output.answer(password.shownOnce)
            output.report(line)
        } else {
            try output.answer(line)
        }
        if let expiry = report.expiresAt {
            output.advise(
                "It works until \(expiry.rfc3339) and must be changed at the next sign-in. "
                    + "Give it in person, by telephone or encrypted chat.")
        } else if password.origin == .generated {
            output.advise("Give it in person, by telephone or encrypted chat. It is not shown again.")
        }
        if let until = report.undoUntil {
            let undo = session.common.command("undo \(report.number)", withDatabase: true)
            output.advise("\(undo) puts the old password back, until \(until.rfc3339).")
        }
    }

    func document(_ report: ResetReport, _ password: AcceptedPassword) -> JSONValue {
        var members = report.members(warnings: output.warnings)
        if password.origin == .generated { members["password"] = .string(password.shownOnce) }
        return .object(members)
    }
}
