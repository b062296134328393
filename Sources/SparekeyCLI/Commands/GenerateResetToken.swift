import ArgumentParser
import Foundation
import Sparekey
import SparekeyInstance

/// `sparekey generate-reset-token` (LST-2).
struct GenerateResetToken: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "generate-reset-token", helpNames: [])

    static let help = """
        sparekey generate-reset-token [ACCOUNT]: a one-time reset token

        The owner sets a new password with it, and nobody else learns that password. It
        works once, for an hour (setting tokens.lifetime), and is shown once. Without
        ACCOUNT it is for the only account. In a terminal it asks for the word generate.

          --yes             do not ask
          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey generate-reset-token ada
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String?
    @Flag var yes = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting generation of a reset token")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let found = try await account(instance)
        try confirm(found)
        let reason = reason.map { DisplayText($0, limit: 400).text }
        // What takes long, if anything does, are the old tokens that go when a new one comes.
        let (token, expiresAt) = try await session.output.working("Making the token, removing old ones") { _ in
            try await instance.issueResetToken(for: found, actor: session.actor, reason: reason)
        }
        session.output.trail("Reset token generated for account_id=\(found.id)")
        if !found.isActive {
            session.output.warn(
                "'\(found.username)' is disabled: the token works only after sparekey users enable \(found.username)")
        }
        let shown = ShownToken(
            text: token.shownOnce, link: instance.publicURL.map { "\($0)/reset-password#\(token.shownOnce)" },
            account: found, expiresAt: expiresAt)
        try shown.show(session.output)
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
    let expiresAt: Timestamp

    func show(_ output: Output) throws {
        guard !output.json else {
            return try output.answer(
                .object([
                    "account": account.reference, "token": .string(text), "link": .optional(link),
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
