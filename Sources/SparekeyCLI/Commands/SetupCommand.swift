import ArgumentParser
import PasswordHashing
import Sparekey
import SparekeyInstance

/// `sparekey setup` (LST-4): the first administrator, and with it database, key and data folder.
struct SetupCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "setup", helpNames: [])

    static let help = """
        sparekey setup: create the first administrator

        Asks in a terminal for what no option gives. Runs only while there is no enabled
        administrator; creates the data folder, the instance key and the database.

          --email EMAIL         the administrator's e-mail: a second name, nobody is mailed
          --username NAME       default: proposed from the e-mail
          --display-name TEXT   how the person is called
          --domain DOMAIN       the instance's domain, as in diy.example.com
          --password-stdin      read the password from standard input
          --generate            generate the password and print it, alone, on stdout
          --reason TEXT         for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey setup --email ada@example.com --display-name Ada \\
                   --domain diy.example.com --generate
        """

    @OptionGroup var common: CommonOptions
    @Option var email: String?
    @Option var username: String?
    @Option var displayName: String?
    @Option var domain: String?
    @Flag var passwordStdin = false
    @Flag var generate = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        let source = try PasswordSource(
            argument: nil, standardInput: passwordStdin, generate: generate, otherwise: .prompt)
        let terminal = Terminal.open()
        try requireOptions(terminal: terminal, source: source)
        session.output.trail("Starting setup")
        let instance = try await session.open(mayCreate: true)
        session.output.trail("Connecting to database: \(instance.place)")
        guard try await !instance.register.hasEnabledAdministrator() else {
            throw CommandFailure(
                .notAllowed, "there is already an administrator",
                hint: "sparekey users list shows the accounts; sparekey reset-password sets a new password")
        }
        terminal?.say("No administrator found. Let's create one.")
        var form = NewAccountForm(
            instance: instance, terminal: terminal, email: email, username: username, displayName: displayName,
            domain: domain, asksDomain: true)
        let entry = try await form.fill(source: source)
        let account = try await instance.addAccount(
            entry.request(form: .setup, role: .admin, forceChange: nil, session: session, reason: reason))
        session.output.trail("Administrator created for account_id=\(account.id)")
        try show(account, entry, session.output, signIn: instance)
    }

    private func requireOptions(terminal: Terminal?, source: PasswordSource) throws {
        guard terminal == nil else { return }
        var missing: [String] = []
        if email == nil { missing.append("--email") }
        if displayName == nil { missing.append("--display-name") }
        if domain == nil { missing.append("--domain") }
        if case .prompt = source { missing.append("--password-stdin or --generate") }
        try NewAccountForm.refuse(missing: missing)
    }

    private func show(_ account: Account, _ entry: NewAccountEntry, _ output: Output, signIn instance: Instance) throws
    {
        if output.json {
            try output.answer(entry.document(account, warnings: output.warnings))
        } else if entry.password.origin == .generated {
            try output.answer(entry.shownPassword)
            output.report("Setup complete: administrator \(account.quoted)")
        } else {
            try output.answer("Setup complete: administrator \(account.quoted)")
        }
        output.advise("Next: sparekey users add adds people; sparekey reset-password gets one back in")
    }
}
