import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey users remove`.
struct UsersRemove: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "remove", helpNames: [])

    static let help = """
        sparekey users remove ACCOUNT: remove an account for good

        Asks (y/n) in a terminal. To keep somebody out for a while, disable the account
        instead. The journal and the audit trail keep their rows; the id is never used
        again. The last enabled administrator is protected.

          --yes             do not ask; needed without a terminal
          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users remove ada --reason "left the team"
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String
    @Flag var yes = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting users remove")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let found = try await instance.account(account)
        try confirm(found)
        try await instance.register.remove(
            found,
            audit: AuditEvent(
                .accountRemoved, actor: session.actor, at: instance.now, account: found,
                proof: Proof.operatorShell.kind, reason: reason.map { DisplayText($0, limit: 400).text }))
        session.output.trail("Account removed: account_id=\(found.id)")
        if session.output.json {
            try session.output.answer(.object(["removed": found.reference]))
        } else {
            try session.output.answer("Account removed: \(found.quoted)")
        }
    }

    private func confirm(_ account: Account) throws {
        guard !yes else { return }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(.usage, "there is no terminal to ask in", hint: "--yes removes without asking")
        }
        for line in account.details { terminal.say(DisplayText(line, limit: 400).text) }
        guard try terminal.confirm("Remove this account for good?") else {
            terminal.say("Nothing was changed.")
            throw Declined()
        }
    }
}
