import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey users set`.
struct UsersSet: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "set", helpNames: [])

    static let help = """
        sparekey users set ACCOUNT: change name, e-mail or role

        Only what is given changes. The last enabled administrator stays one. A new
        username voids the account's sync key until the next password entry.

          --username NAME
          --email EMAIL
          --display-name TEXT
          --admin, --no-admin   make an administrator, or a user
          --reason TEXT         for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users set ada --email ada@example.com
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String
    @Option var username: String?
    @Option var email: String?
    @Option var displayName: String?
    @Flag var admin = false
    @Flag var noAdmin = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        let change = try change()
        session.output.trail("Starting users set")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let found = try await instance.account(account)
        try await instance.register.change(
            found, to: change,
            audit: [
                AuditEvent(
                    .accountChanged, actor: session.actor, at: instance.now, account: found,
                    proof: Proof.operatorShell.kind, reason: reason.map { DisplayText($0, limit: 400).text })
            ])
        session.output.trail("Account changed: account_id=\(found.id)")
        if change.username != nil, instance.settings.syncKeys {
            session.output.warn("sync works again for this account after its next password entry")
        }
        guard let now = try await instance.register.find(id: found.id) else { return }
        if session.output.json {
            try session.output.answer(.object(["user": now.listing]))
        } else {
            try session.output.answer("Account changed: \(now.quoted)")
        }
    }

    private func change() throws -> AccountChange {
        guard !(admin && noAdmin) else { throw CommandFailure(.usage, "--admin and --no-admin exclude each other") }
        let isNothing = username == nil && email == nil && displayName == nil && !admin && !noAdmin
        guard !isNothing else {
            throw CommandFailure(
                .usage, "nothing to change was named", hint: "sparekey users set --help shows what can be")
        }
        return AccountChange(
            username: try username.map { try Username($0) }, email: try email.map { try EmailAddress($0) },
            displayName: displayName.map { DisplayText($0).text }, role: admin ? .admin : noAdmin ? .user : nil)
    }
}
