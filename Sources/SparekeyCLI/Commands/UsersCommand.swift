import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey users`: the accounts of the own directory.
struct UsersCommand: SparekeyCommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "users",
        subcommands: [
            UsersList.self, UsersShow.self, UsersAdd.self, UsersSet.self, UsersDisable.self, UsersEnable.self,
            UsersUnlock.self, UsersRemove.self,
        ], helpNames: []
    )

    static let help = """
        sparekey users: the accounts

          sparekey users list [--search TEXT] [--limit N] [--after PLACE]
          sparekey users show ACCOUNT
          sparekey users add               add an account
          sparekey users set ACCOUNT       change name, e-mail or role
          sparekey users disable ACCOUNT   no sign-in until enabled; sessions end
          sparekey users enable ACCOUNT
          sparekey users unlock ACCOUNT    lift the limits that wrong tries reached
          sparekey users remove ACCOUNT    for good

        ACCOUNT is a username or an e-mail. Each has its own --help.

        Example: sparekey users list --search ada
        """
}

/// `sparekey users list`.
struct UsersList: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "list", helpNames: [])

    static let help = """
        sparekey users list: list the accounts, in the order of their usernames

          --search TEXT   only those whose username or e-mail begins with TEXT;
                          whoever was found by the e-mail alone comes last
          --limit N       at most N accounts (default 100, at most 1000)
          --after PLACE   the next page: begin where the one before says
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users list --search ada --json
        """

    @OptionGroup var common: CommonOptions
    @Option var search: String?
    @Option var limit = 100
    @Option var after: String?

    func run(_ session: Session) async throws {
        guard (1...1000).contains(limit) else {
            throw CommandFailure(.usage, "--limit takes a number from 1 to 1000")
        }
        try await UsersListing(search: search, after: after, limit: limit).show(session)
    }
}

/// The listing that `users list` and `reset-password --list` share.
struct UsersListing {
    let search: String?
    let after: String?
    let limit: Int

    private var nobody: String {
        search.map { "No account matches '\(DisplayText($0).text)'." } ?? "There is no account here."
    }

    func show(_ session: Session) async throws {
        let instance = try await session.open()
        let page = try await instance.register.list(search: search, after: after, limit: limit)
        guard !session.output.json else {
            return try session.output.answer(
                .object(["users": .array(page.accounts.map(\.listing)), "next": .optional(page.next)]))
        }
        let table = Table(["USERNAME", "E-MAIL", "NAME", "ROLE", "STATUS"], page.accounts.map(Self.cells))
        for line in table.lines { try session.output.answer(line) }
        if page.accounts.isEmpty { session.output.advise(nobody) }
        if let next = page.next { session.output.advise("More: sparekey users list\(again) --after \(next)") }
    }

    /// The search as a shell reads it.
    private var again: String {
        guard let search, !search.isEmpty else { return "" }
        let isPlain = search.allSatisfy { $0.isLetter || $0.isNumber || "@.-_+".contains($0) }
        return " --search \(isPlain ? search : "'\(search.replacing("'", with: "'\\''"))'")"
    }

    private static func cells(_ account: Account) -> [String] {
        let status =
            !account.isActive ? "disabled" : account.requirePasswordChange ? "must change password" : "active"
        return [account.username, account.email ?? "-", account.displayName, account.role.rawValue, status]
    }
}

/// `sparekey users show`.
struct UsersShow: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "show", helpNames: [])

    static let help = """
        sparekey users show ACCOUNT: one account

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users show ada@example.com
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String

    func run(_ session: Session) async throws {
        let instance = try await session.open()
        let found = try await instance.account(account)
        let limited = try await instance.unlockAccount.reached(by: found)
        guard !session.output.json else {
            return try session.output.answer(
                .object(["user": found.listing, "limited": .array(limited.map(\.listing))]))
        }
        for line in found.details { try session.output.answer(line) }
        try session.output.answer("   Account id: \(found.id)")
        try session.output.answer("   Last sign-in: \(found.lastSignInAt?.rfc3339 ?? "never")")
        for limit in limited { try session.output.answer(limit.line) }
        guard found.requirePasswordChange else { return }
        try session.output.answer("   Must change the password at the next sign-in")
        if let expiry = found.passwordExpiresAt {
            try session.output.answer("   The temporary password works until \(expiry.rfc3339)")
        }
    }
}

/// `sparekey users disable`.
struct UsersDisable: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "disable", helpNames: [])

    static let help = """
        sparekey users disable ACCOUNT: no sign-in until enabled; all sessions end

        The last enabled administrator is protected.

          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users disable ada --reason "left the team"
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String
    @Option var reason: String?

    func run(_ session: Session) async throws {
        try await AccountSwitch(active: false, name: account, reason: reason).run(session)
    }
}

/// `sparekey users enable`.
struct UsersEnable: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "enable", helpNames: [])

    static let help = """
        sparekey users enable ACCOUNT: let a disabled account sign in again

          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users enable ada
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String
    @Option var reason: String?

    func run(_ session: Session) async throws {
        try await AccountSwitch(active: true, name: account, reason: reason).run(session)
    }
}

/// What `disable` and `enable` share.
private struct AccountSwitch {
    let active: Bool
    let name: String
    let reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting users \(active ? "enable" : "disable")")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let account = try await instance.account(name)
        let event = AuditEvent(
            active ? .accountEnabled : .accountDisabled, actor: session.actor, at: instance.now, account: account,
            proof: Proof.operatorShell.kind, reason: reason.map { DisplayText($0, limit: 400).text })
        let changed = try await instance.register.setActive(active, account: account, audit: event)
        let state = active ? "enabled" : "disabled"
        session.output.trail(
            changed
                ? "Account \(state): account_id=\(account.id)"
                : "Account was \(state) already: account_id=\(account.id)")
        if session.output.json {
            let now = try await instance.account(name)
            try session.output.answer(.object(["user": now.listing]))
        } else {
            try session.output.answer("\(account.quoted) is \(state)")
        }
    }
}
