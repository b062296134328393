import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey users add`.
struct UsersAdd: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "add", helpNames: [])

    static let help = """
        sparekey users add: add an account

        Asks in a terminal for what no option gives. The password is a temporary one: it
        must be changed at the first sign-in, and it expires.

          --username NAME       needed (proposed from --email where that is given)
          --email EMAIL         a second name; nobody is mailed
          --display-name TEXT   default: the username
          --admin               an administrator
          --password-stdin      read the password from standard input
          --generate            generate it and print it, alone, on stdout
          --force-change, --no-force-change   go before the setting `temporary`
          --reason TEXT         for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users add --username ada --generate
        """

    @OptionGroup var common: CommonOptions
    @Option var username: String?
    @Option var email: String?
    @Option var displayName: String?
    @Flag var admin = false
    @Flag var passwordStdin = false
    @Flag var generate = false
    @Flag var forceChange = false
    @Flag var noForceChange = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        guard !(forceChange && noForceChange) else {
            throw CommandFailure(.usage, "--force-change and --no-force-change exclude each other")
        }
        let source = try PasswordSource(
            argument: nil, standardInput: passwordStdin, generate: generate, otherwise: .prompt)
        // Whoever names the account and the password's source is not asked for the rest.
        var asks = true
        if username != nil || email != nil, case .generated = source { asks = false }
        if username != nil || email != nil, case .standardInput = source { asks = false }
        let terminal = asks ? Terminal.open() : nil
        try requireOptions(terminal: terminal, source: source)
        session.output.trail("Starting users add")
        let instance = try await session.open(mayCreate: true)
        session.output.trail("Connecting to database: \(instance.place)")
        var form = NewAccountForm(
            instance: instance, terminal: terminal, email: email, username: username, displayName: displayName,
            domain: nil, asksDomain: false)
        let entry = try await form.fill(source: source)
        let account = try await instance.addAccount(
            entry.request(
                form: .usersAdd, role: admin ? .admin : .user,
                forceChange: forceChange ? true : noForceChange ? false : nil, session: session, reason: reason))
        session.output.trail("Account added: account_id=\(account.id)")
        try show(account, entry, session.output)
    }

    private func requireOptions(terminal: Terminal?, source: PasswordSource) throws {
        guard terminal == nil else { return }
        var missing: [String] = []
        if username == nil, email == nil { missing.append("--username") }
        if case .prompt = source { missing.append("--password-stdin or --generate") }
        try NewAccountForm.refuse(missing: missing)
    }

    private func show(_ account: Account, _ entry: NewAccountEntry, _ output: Output) throws {
        let line = "Account added: \(account.quoted)"
        if output.json {
            try output.answer(entry.document(account, warnings: output.warnings))
        } else if entry.password.origin == .generated {
            try output.answer(entry.shownPassword)
            output.report(line)
        } else {
            try output.answer(line)
        }
        if let expiry = account.passwordExpiresAt {
            output.advise("The password works until \(expiry.rfc3339) and must be changed at the first sign-in.")
        }
    }
}
