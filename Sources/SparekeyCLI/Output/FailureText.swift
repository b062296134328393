import PasswordHashing
import Sparekey
import SparekeyInstance

/// An error in a person's words: lower case, no full stop, naming the object; then what to do.
struct FailureText {
    let status: ExitStatus
    /// Lower case, without a full stop.
    let reason: String
    /// Whole sentences, one for each rule that refused.
    var details: [String] = []
    let hint: String?

    init(_ error: any Error) {
        status = ExitStatus(error)
        switch error {
        case let error as CommandFailure:
            reason = error.reason
            hint = error.hint
        case let error as RecoveryError:
            reason = error.reason
            details = error.violations.map(\.message)
            hint = error.hint ?? (error.violations.isEmpty ? nil : "nothing was changed; choose another password")
        case let error as InstanceError:
            reason = error.reason
            hint = error.hint
        case let error as HashError:
            reason = error.reason
            hint = nil
        case let error as PolicyViolation:
            reason = "the password cannot be used"
            details = [error.message]
            hint = "nothing was changed; choose another password"
        case is TerminalInterrupted:
            reason = "interrupted: nothing was changed"
            hint = nil
        case is TerminalClosed:
            reason = "the terminal was closed: nothing was changed"
            hint = nil
        case let error as TerminalAnswerTooLong:
            reason = error.description
            hint = nil
        default:
            reason = "\(error)"
            hint = nil
        }
    }
}
