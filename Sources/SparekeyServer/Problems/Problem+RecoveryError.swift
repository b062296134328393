import Hummingbird
import NIOCore
import Sparekey

extension Problem {
    /// What a caller is told of any error. Unknown errors are ours or the world's: the text is vague, the log exact.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as RecoveryError: self.init(recovery: error)
        case let error as any HTTPResponseError: self.init(status: error.status)
        case let error as any ServiceOutage where error.retryAfter != nil:
            self.init(.unavailable, retryAfter: error.retryAfter)
        case is CancellationError: self.init(.unavailable, retryAfter: .seconds(1))
        default: self.init(.internalError, "Something went wrong on the server. Nothing was changed by this call.")
        }
    }

    private init(recovery error: RecoveryError) {
        switch error.code {
        case .signInRefused: self.init(.signInRefused)
        case .sessionOver: self.init(.notSignedIn)
        case .invalidCode: self.init(.invalidResetCode, ProblemKind.invalidResetCode.title)
        case .invalidToken: self.init(.invalidResetToken, ProblemKind.invalidResetToken.title)
        case .unknownRequest: self.init(.notFound, "There is no such request.")
        case .requestClosed: self.init(.requestClosed, Self.sentence(error.reason))
        case .throttled:
            self.init(
                .tooManyRequests, "Too many attempts. Wait a little, then try again; nothing was changed.",
                retryAfter: error.retryAfter)
        case .overloaded: self.init(.unavailable, retryAfter: error.retryAfter ?? .seconds(3))
        case .wrongCurrentPassword: self.init(.wrongCurrentPassword)
        case .policy: self.init(.passwordRefused, violations: error.violations)
        case .ownAccount: self.init(.ownAccount)
        case .signInTooOld: self.init(.signInTooOld, "This needs a sign-in within the last 10 minutes. Sign in again.")
        case .notAllowed: self.init(.notAllowed, Self.sentence(error.reason))
        case .unknownAccount: self.init(.notFound, "There is no such account.")
        case .taken: self.init(.taken, Self.sentence(error.reason))
        case .malformed: self.init(.malformedRequest, Self.sentence(error.reason))
        case .changedMeanwhile: self.init(.unavailable, Self.sentence(error.reason), retryAfter: .seconds(1))
        case .unclear:
            self.init(
                .unavailable, "Either the old or the new password works, never a mixture. Try again shortly.",
                retryAfter: .seconds(5))
        case .unknownApp: self.init(.notFound, "There is no such app on this server.")
        case .appUnavailable:
            self.init(
                .programUnavailable, Texts.Problems.programUnavailable.joined(separator: " "),
                retryAfter: error.retryAfter)
        case .proofReserved:
            self.init(
                .unavailable, Texts.Problems.proofReserved.joined(separator: " "), retryAfter: error.retryAfter)
        default: self.init(.internalError)
        }
    }

    /// What the framework refuses before or beside our handlers.
    private init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self.init(.notFound)
        case .methodNotAllowed: self.init(.methodNotAllowed)
        case .contentTooLarge: self.init(.tooLarge)
        case .unsupportedMediaType: self.init(.unsupportedMediaType)
        case .badRequest, .unprocessableContent: self.init(.malformedRequest)
        default: self.init(.internalError)
        }
    }

    private static func sentence(_ reason: String) -> String {
        reason.prefix(1).uppercased() + reason.dropFirst() + "."
    }
}

/// An error of what the server stands on (the database, mostly) that passes: the caller may try again.
public protocol ServiceOutage: Error {
    /// When it is worth trying again; nil where trying again changes nothing.
    var retryAfter: Duration? { get }
}
