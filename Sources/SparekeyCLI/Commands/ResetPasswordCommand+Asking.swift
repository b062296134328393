import Foundation
import PasswordHashing
import Sparekey
import SparekeyInstance

/// What every form of the command takes from its words or asks for, whichever directory the account is in.
extension ResetPasswordCommand {
    /// The password that the words name, accepted for the account.
    func accept(
        _ source: PasswordSource, for account: Account, by accept: AcceptPassword, _ output: Output
    ) async throws -> AcceptedPassword {
        switch source {
        case .generated, .prompt: return try await accept.generate(for: account)
        case .argument(let text):
            output.warn(
                "a password in the command line can be seen by everybody on this machine and stays in the shell's history; "
                    + "safer: \(saferCommand(account))")
            return try await accept(Password(utf8: text), for: account)
        case .standardInput: return try await accept(PasswordSource.readStandardInput(), for: account)
        }
    }

    private func saferCommand(_ account: Account) -> String {
        let program = [("--app", app), ("--container", container), ("--profile", profile)].compactMap { name, value in
            value.map { " \(name) \(DisplayText($0, limit: 4_096).text.quotedForShell)" }
        }
        let whom = (self.account ?? account.username).quotedForShell
        return common.command("reset-password \(whom) --password-stdin\(program.joined())", withDatabase: true)
    }

    /// - Throws: `usage` where the setting `require_reason` wants a reason and nobody can be asked for it.
    func reason(_ settings: Settings, _ terminal: Terminal?) throws -> String? {
        let given = reason.map { DisplayText($0, limit: 400).text.trimmingCharacters(in: .whitespaces) }
        if let given, !given.isEmpty { return given }
        guard settings.requireReason else { return nil }
        guard let terminal else {
            throw CommandFailure(.usage, "this instance asks for a reason (require_reason)", hint: "give --reason TEXT")
        }
        while true {
            let text = DisplayText(try terminal.ask("Reason, for the audit trail: "), limit: 400).text
            if !text.isEmpty { return text }
        }
    }
}
