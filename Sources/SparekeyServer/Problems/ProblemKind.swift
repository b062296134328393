import Hummingbird

/// The kinds of refusal that callers meet: RFC 9457's `type`, `title` and `status`, with the one public text of each.
///
/// The identifiers never change and a test pins them. The texts say nothing that depends on an account's existence; what
/// exactly happened stands in the log.
struct ProblemKind: Sendable, Hashable {
    let name: String
    let status: HTTPResponse.Status
    let title: String

    /// `type` of the problem document: a stable name, no address to call.
    var type: String { "urn:sparekey:problem:\(name)" }

    private init(_ name: String, _ status: HTTPResponse.Status, _ title: String) {
        self.name = name
        self.status = status
        self.title = title
    }

    static let malformedRequest = ProblemKind("malformed-request", .badRequest, "The request could not be understood")
    static let notSignedIn = ProblemKind("not-signed-in", .unauthorized, "You are not signed in")
    static let signInRefused = ProblemKind("sign-in-refused", .unauthorized, "Invalid username or password")
    static let mustChangePassword = ProblemKind(
        "must-change-password", .forbidden, "You must change your password first")
    static let notAllowed = ProblemKind("not-allowed", .forbidden, "You may not do this")
    static let formRefused = ProblemKind("form-refused", .forbidden, "This form can no longer be used")
    static let otherOrigin = ProblemKind("other-origin", .forbidden, "This was sent from another address")
    static let ownAccount = ProblemKind("own-account", .forbidden, "This cannot be done to your own account")
    static let signInTooOld = ProblemKind("sign-in-too-old", .forbidden, "Sign in again first")
    static let wrongCurrentPassword = ProblemKind(
        "wrong-current-password", .forbidden, "The current password is not right")
    static let notFound = ProblemKind("not-found", .notFound, "There is nothing here")
    static let methodNotAllowed = ProblemKind(
        "method-not-allowed", .methodNotAllowed, "This address does not take that method")
    static let taken = ProblemKind("taken", .conflict, "That name is taken")
    static let tooLarge = ProblemKind("too-large", .contentTooLarge, "The request is too large")
    static let unsupportedMediaType = ProblemKind(
        "unsupported-media-type", .unsupportedMediaType, "Send the body as application/json")
    static let invalidResetCode = ProblemKind("invalid-reset-code", .badRequest, "Invalid or expired reset code")
    static let invalidResetToken = ProblemKind("invalid-reset-token", .badRequest, "Invalid or expired reset token")
    static let requestClosed = ProblemKind("request-closed", .conflict, "This request is closed")
    static let passwordRefused = ProblemKind(
        "password-refused", .unprocessableContent, "The new password does not meet the requirements")
    static let tooManyRequests = ProblemKind("too-many-requests", .tooManyRequests, "Too many attempts")
    static let internalError = ProblemKind("internal-error", .internalServerError, "Something went wrong on the server")
    static let unavailable = ProblemKind("unavailable", .serviceUnavailable, "The server cannot answer just now")

    static let programUnavailable = ProblemKind(
        "program-unavailable", .serviceUnavailable, "The program's database cannot be used just now")

    /// Every kind there is, for the test and for the API's description.
    static let all: [ProblemKind] = [
        malformedRequest, notSignedIn, signInRefused, mustChangePassword, notAllowed, formRefused, otherOrigin,
        ownAccount,
        signInTooOld,
        wrongCurrentPassword, notFound, methodNotAllowed, taken, tooLarge, unsupportedMediaType, invalidResetCode,
        invalidResetToken, requestClosed, passwordRefused,
        tooManyRequests, internalError, unavailable, programUnavailable,
    ]
}
