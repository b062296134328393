import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey users unlock`.
struct UsersUnlock: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "unlock", helpNames: [])

    static let help = """
        sparekey users unlock ACCOUNT: lift the limits that wrong tries have reached

        Forgets the tries that were counted for the account: sign-ins, requests and
        codes under its username and e-mail. The password stays as it is, and a
        disabled account stays disabled. Limits of an address end by themselves.

          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey users unlock ada@example.com
        """

    @OptionGroup var common: CommonOptions
    @Argument var account: String
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting users unlock")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let found = try await instance.account(account)
        let (reached, changed) = try await instance.unlockAccount(
            found, actor: session.actor, reason: reason.map { DisplayText($0, limit: 400).text })
        session.output.trail(
            changed ? "Account unlocked: account_id=\(found.id)" : "Nothing was counted: account_id=\(found.id)")
        guard !session.output.json else {
            return try session.output.answer(
                .object([
                    "user": found.listing, "unlocked": .bool(changed), "lifted": .array(reached.map(\.listing)),
                ]))
        }
        try session.output.answer(Self.outcome(found, lifted: reached.count, changed: changed))
        for limit in reached { try session.output.answer("   Lifted: \(limit.what)") }
        if !found.isActive {
            session.output.warn("the account is disabled; sparekey users enable lets it sign in")
        }
    }

    private static func outcome(_ account: Account, lifted: Int, changed: Bool) -> String {
        guard changed else { return "\(account.quoted) was not limited: nothing was changed" }
        guard lifted > 0 else {
            return "\(account.quoted) had reached no limit; the tries counted so far are forgotten"
        }
        return "\(account.quoted) is unlocked and can try again at once"
    }
}

extension ReachedLimit {
    /// As `users show` says it.
    var line: String {
        "   Limited: \(what), \(endsAt.map { "until \($0.rfc3339)" } ?? "until a reset or sparekey users unlock")"
    }

    var listing: JSONValue {
        .object(["what": .string(what), "until": .optional(endsAt?.rfc3339)])
    }
}
