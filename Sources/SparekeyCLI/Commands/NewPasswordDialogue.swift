import PasswordHashing
import Sparekey

/// Asks for a new password twice without showing it, until the policy takes it (PAL-1, PAL-2).
struct NewPasswordDialogue {
    let terminal: Terminal
    let judge: JudgePassword

    func ask(context: PolicyContext, history: [String]) async throws -> AcceptedPassword {
        terminal.say("")
        terminal.say("The new password must have:")
        for line in judge.policy.requirements { terminal.say("   - \(line)") }
        terminal.say("")
        while true {
            do {
                // One conversation: between the two questions the terminal stays silent.
                let (first, second) = try terminal.conversation {
                    let first = try terminal.askHidden("New password: ")
                    try judge.screen(first, context: context)
                    return (first, try terminal.askHidden("Confirm new password: "))
                }
                guard first.isEqual(to: second) else {
                    terminal.say("The two entries differ. Nothing was changed; please try again.")
                    continue
                }
                return try await judge(first, origin: .given, context: context, history: history)
            } catch let error as RecoveryError where error.code == .policy {
                for violation in error.violations { terminal.say(violation.message) }
                terminal.say("Nothing was changed; please choose another password.")
            } catch let error as TerminalAnswerTooLong {
                terminal.say("\(error). Nothing was changed; please choose another password.")
            }
        }
    }
}
