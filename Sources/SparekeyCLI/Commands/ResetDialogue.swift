import Sparekey
import SparekeyInstance

/// The careful interactive reset (PAL-1, PAL-2) and its short form for the only account (LST-1).
struct ResetDialogue {
    let reset: FoundReset
    let terminal: Terminal

    private var instance: Instance { reset.instance }

    func run() async throws {
        switch try await instance.register.count(upTo: 2) {
        case 0:
            throw RecoveryError(
                .noAccounts, reason: "there is no account to reset",
                hint: "sparekey setup creates the first administrator")
        case 1: try await resetOnlyAccount()
        default: try await resetChosenAccount()
        }
    }

    private func resetOnlyAccount() async throws {
        guard let account = try await instance.register.list(search: nil, after: nil, limit: 1).accounts.first else {
            return
        }
        terminal.say("WARNING: This will reset the password of \(shown(account.quoted)) immediately.")
        guard try terminal.ask("Type 'I am sure' to continue: ") == "I am sure" else { throw declined() }
        try await reset(account, form: .phrase)
        terminal.say("")
        terminal.say("Password has been reset successfully.")
        closing(account)
    }

    private func resetChosenAccount() async throws {
        terminal.say("Sparekey password reset")
        terminal.say("=======================")
        terminal.say("This resets an account's password directly from this terminal.")
        terminal.say("WARNING: This bypasses the usual checks. Use it only when necessary.")
        terminal.say("")
        let account = try await askAccount()
        terminal.say("")
        terminal.say("Account found:")
        for line in account.details { terminal.say(shown(line)) }
        terminal.say("")
        guard try terminal.confirm("Do you want to reset the password for this account?") else { throw declined() }
        try await reset(account, form: .interactive)
        terminal.say("")
        terminal.say("Password reset successful.")
        closing(account)
    }

    private func askAccount() async throws -> Account {
        for _ in 1...3 {
            let name = try terminal.ask("Account (e-mail or username): ")
            if let account = try await instance.register.find(AccountName(name)) { return account }
            terminal.say("There is no account '\(shown(name))'. sparekey reset-password --list shows all accounts.")
        }
        throw RecoveryError(
            .unknownAccount, reason: "no account was found in three tries",
            hint: "nothing was changed; sparekey reset-password --list shows all accounts")
    }

    private func reset(_ account: Account, form: ResetForm) async throws {
        let dialogue = NewPasswordDialogue(terminal: terminal, judge: instance.judge)
        let password = try await dialogue.ask(
            context: instance.acceptPassword.context(for: account),
            history: instance.acceptPassword.history(of: account))
        let request = try reset.request(account, password, form: form)
        terminal.say("")
        let report = try await reset.session.writing(look: "resets list") {
            try await instance.resetPassword(request) { stage in
                switch stage {
                case .hashing: terminal.say("Hashing password...")
                case .updating: terminal.say("Updating password in the database...")
                case .clearing: terminal.say("Cleared outstanding reset tokens and ended all sessions.")
                }
            }
        }
        reset.session.output.remark(on: report)
        if reset.session.output.json {
            try reset.session.output.answer(reset.document(report, password))
        } else {
            try reset.session.output.answer("Password reset for \(account.quoted)")
        }
    }

    private func closing(_ account: Account) {
        terminal.say("   Account: \(shown(account.displayName)) \(shown(account.quoted))")
        if account.isActive {
            terminal.say("   \(shown(account.username)) can now sign in with the new password.")
        } else {
            terminal.say("   The account is disabled and still cannot sign in.")
        }
        terminal.say("")
        terminal.say("Security note: the password is stored as \(instance.hasher.schemeText). Nobody was mailed.")
    }

    private func declined() -> Declined {
        terminal.say("Nothing was changed.")
        return Declined()
    }

    private func shown(_ text: String) -> String { DisplayText(text, limit: 400).text }
}
