import ArgumentParser
import Foundation
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey generate-reset-token` (LST-2).
struct GenerateResetToken: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "generate-reset-token", helpNames: [])

    static let help = """
        sparekey generate-reset-token [ACCOUNT]: a one-time reset token

        The owner sets a new password with it, and nobody else learns that password. It
        works once, for an hour (setting tokens.lifetime), and is shown once. Without
        ACCOUNT it is for the only account. In a terminal it asks for the word generate.

          --app NAME        for an account of the app attached under that name
          --yes             do not ask
          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey generate-reset-token ada
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String?
    @Option var app: String?
    @Flag var yes = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting generation of a reset token")
        if let app { return try await forApp(app, session) }
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let found = try await account(instance)
        try confirm(found)
        try await issue(for: found, in: nil, instance, session)
    }

    private func issue(
        for found: Account, in app: AppReference?, _ instance: Instance, _ session: Session
    ) async throws {
        let reason = reason.map { DisplayText($0, limit: 400).text }
        // What takes long, if anything does, are the old tokens that go when a new one comes.
        let (token, expiresAt) = try await session.output.working("Making the token, removing old ones") { _ in
            try await instance.issueResetToken(for: found, in: app, actor: session.actor, reason: reason)
        }
        session.output.trail("Reset token generated for account_id=\(found.id)")
        if app == nil, !found.isActive {
            session.output.warn(
                "'\(found.username)' is disabled: the token works only after sparekey users enable \(found.username)")
        }
        let shown = ShownToken(
            text: token.shownOnce, link: instance.publicURL.map { "\($0)/reset-password#\(token.shownOnce)" },
            account: found, app: app, expiresAt: expiresAt)
        try shown.show(session.output)
    }

    /// An account of a program: looked at first, so that nobody is handed a token that would be refused.
    private func forApp(_ app: String, _ session: Session) async throws {
        guard let account else {
            throw CommandFailure(
                .usage, "--app names a program and no account of it",
                hint: "sparekey generate-reset-token --app \(DisplayText(app).text) ACCOUNT")
        }
        let program = try await FoundProgram(.attached(app), session.options, choose: { _ in nil })
        session.output.trail("Connecting to database: \(program.place)")
        let found = try await program.account(account).account
        if let refusal = found.refusal {
            throw CommandFailure(
                .refused, "no token was generated: \(refusal.refusal.reason)", hint: refusal.refusal.wayOut)
        }
        if let state = found.states.first(where: \.blocks) {
            throw CommandFailure(
                .refused, "no token was generated, because it would not work: \(state.say)",
                hint: "let the account sign in again in \(program.profile.title), then run this again")
        }
        try confirm(found.account)
        let instance = try await session.openBesideProgram()
        session.output.trail("Sparekey's own records: \(instance.place)")
        try await issue(for: found.account, in: program.reference, instance, session)
    }

    private func account(_ instance: Instance) async throws -> Account {
        if let account { return try await instance.account(account) }
        let page = try await instance.register.list(search: nil, after: nil, limit: 2)
        switch page.accounts.count {
        case 0:
            throw RecoveryError(
                .noAccounts, reason: "there is no account", hint: "sparekey setup creates the first administrator")
        case 1: return page.accounts[0]
        default:
            throw CommandFailure(
                .usage, "there are several accounts", hint: "name one: sparekey generate-reset-token ACCOUNT")
        }
    }

    private func confirm(_ account: Account) throws {
        guard !yes, let terminal = Terminal.open() else { return }
        terminal.say(
            "This will generate a one-time password reset token for \(DisplayText(account.quoted, limit: 400).text).")
        guard try terminal.ask("Type 'generate' to create a token: ") == "generate" else {
            terminal.say("No token was generated; nothing was changed.")
            throw Declined()
        }
    }
}

/// A token on its way to the one person who may see it.
private struct ShownToken {
    let text: String
    let link: String?
    let account: Account
    let app: AppReference?
    let expiresAt: Timestamp

    func show(_ output: Output) throws {
        guard !output.json else {
            return try output.answer(
                .object([
                    "account": account.reference(in: app), "token": .string(text), "link": .optional(link),
                    "expiresAt": .string(expiresAt.rfc3339),
                ]))
        }
        guard isatty(STDOUT_FILENO) == 1 else {
            try output.answer(text)
            return advise(output)
        }
        let rule = String(repeating: "=", count: 72)
        for line in [rule, "    RESET TOKEN for \(account.quoted)", "    \(text)", rule] { try output.answer(line) }
        if let link, Self.showsBlocks, let code = QRCode(link) {
            for line in code.lines { output.advise(line) }
        }
        advise(output)
    }

    private func advise(_ output: Output) {
        if let link { output.advise("Link: \(link)") }
        output.advise("It works once, until \(expiresAt.rfc3339), and is not shown again. It ends in no log.")
        output.advise("Whoever opens the link sets a new password; the token alone goes into the page /reset-password.")
    }

    /// Half blocks need UTF-8.
    private static var showsBlocks: Bool {
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(TerminalStyle.environment).first { !$0.isEmpty } ?? ""
        return locale.uppercased().replacing("-", with: "").hasSuffix("UTF8")
    }
}
