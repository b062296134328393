import PasswordHashing
import Sparekey
import SparekeyInstance

/// The exit statuses that scripts rely on (interface.md; sysexits.h where it has a word).
enum ExitStatus: Int32 {
    case done = 0
    case failed = 1
    case usage = 64
    case refused = 65
    case noAccount = 67
    case unavailable = 69
    case notWritten = 73
    case busy = 75
    case notAllowed = 77
    case configuration = 78
    case interrupted = 130

    init(_ error: any Error) {
        self =
            switch error {
            case let error as CommandFailure: error.status
            case let error as RecoveryError: Self.recovery[error.code] ?? .failed
            case let error as InstanceError: Self.instance[error.code] ?? .failed
            case is TerminalInterrupted: .interrupted
            case is TerminalAnswerTooLong, is HashError, is PolicyViolation: .refused
            default: .failed
            }
    }

    private static let recovery: [RecoveryError.Code: ExitStatus] = [
        .unknownAccount: .noAccount, .ambiguous: .refused, .noAccounts: .noAccount, .policy: .refused,
        .malformed: .refused, .taken: .refused,
        .changedMeanwhile: .busy, .overloaded: .busy, .throttled: .busy, .notAllowed: .notAllowed, .usage: .usage,
        .unclear: .unavailable,
        .notVerified: .notWritten, .unknownReset: .refused, .notUndoable: .refused, .unknownRequest: .refused,
        .requestClosed: .refused, .unknownApp: .configuration, .appUnavailable: .unavailable, .proofReserved: .busy,
    ]

    private static let instance: [InstanceError.Code: ExitStatus] = [
        .badSettings: .configuration, .badProfile: .configuration, .unsafeFile: .configuration,
        .wrongKey: .configuration,
        .wrongDatabase: .configuration, .newerDatabase: .configuration, .unavailable: .unavailable,
        .cutOff: .unavailable,
        .misfit: .configuration, .severalFit: .refused, .refused: .refused, .notSetUp: .unavailable,
        .notWritable: .notWritten, .busy: .busy,
    ]
}

/// A command that cannot go on, in the words of its own error.
struct CommandFailure: Error {
    let status: ExitStatus
    let reason: String
    let hint: String?

    init(_ status: ExitStatus, _ reason: String, hint: String? = nil) {
        self.status = status
        self.reason = reason
        self.hint = hint
    }
}

/// The person said no, or the phrase was another. Nothing was changed, and they have been told so.
struct Declined: Error {}
