import Hummingbird
import NIOCore
import PasswordHashing
import Sparekey

/// Self-service: a code asked for, verified and used (NEX-1), and a one-time token used (LST-2). Nobody is signed in by any
/// of it, and no answer tells whether an account exists.
struct PasswordResetRoutes: Sendable {
    let flows: RecoveryFlows
    /// The one answer to every request for a code.
    private let requested: ByteBuffer

    init(flows: RecoveryFlows) {
        self.flows = flows
        let message = "If an account with that username exists, a reset code has been generated. "
        requested = JSONAnswer.bytes(of: SuccessDocument<NoData>(message: message + flows.whereCodesAppear))
    }

    func add(to open: RouteTable<VisitorContext>) {
        open.on(.post, "/api/password-reset/request", use: request)
        open.on(.post, "/api/password-reset/verify", use: verify)
        open.on(.post, "/api/password-reset/reset", use: reset)
    }

    @Sendable private func request(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let body = try await JSONBody.read(NameBody.self, request)
        try await flows.request(name: body.username, app: body.app, address: context.address)
        return JSONAnswer.response(requested)
    }

    @Sendable private func verify(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let body = try await JSONBody.read(CodeBody.self, request)
        try await flows.verifyCode(name: body.username, code: body.code, app: body.app, address: context.address)
        return JSONAnswer.response(Verified(username: body.username))
    }

    @Sendable private func reset(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let body = try await JSONBody.read(CodeResetBody.self, request)
        try body.newPassword.requireEqual(to: body.confirmPassword)
        _ = try await flows.resetWithCode(
            ResetWithCode.Request(
                name: body.username, code: body.code, password: body.newPassword.password, app: body.app,
                address: context.address))
        return JSONAnswer.response(
            SuccessDocument<NoData>(message: "Password reset successful. You can now login with your new password."))
    }

    /// A program's `POST /reset-password`; ``ResetPasswordRoutes`` has the form.
    func consume(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let body = try await JSONBody.read(TokenBody.self, request)
        try body.newPassword.requireEqual(to: body.confirmPassword)
        _ = try await flows.consumeToken(
            ConsumeResetToken.Request(
                token: body.token, password: body.newPassword.password, address: context.address))
        return JSONAnswer.response(
            SuccessDocument<NoData>(message: "Password reset successful. You can now login with your new password."))
    }

    private struct Verified: Encodable {
        let success = true
        let username: String
    }
}

struct NameBody: Decodable, Sendable {
    let username: String
    let app: String?
}

struct CodeBody: Decodable, Sendable {
    let username: String
    let code: String
    let app: String?
}

struct CodeResetBody: Decodable, Sendable {
    let username: String
    let code: String
    let newPassword: PasswordField
    let confirmPassword: PasswordField?
    let app: String?
}

/// Members as the source document spells them.
struct TokenBody: Decodable, Sendable {
    let token: String
    let newPassword: PasswordField
    let confirmPassword: PasswordField?

    enum CodingKeys: String, CodingKey {
        case token
        case newPassword = "new_password"
        case confirmPassword = "confirm_password"
    }
}

extension PasswordField {
    /// - Throws: ``Problem`` 422 where a second entry is given and differs.
    fileprivate func requireEqual(to second: PasswordField?) throws {
        guard let second, !password.isEqual(to: second.password) else { return }
        throw Problem(
            .passwordRefused, "The two passwords differ. Nothing was changed; type the new password again, twice.",
            violations: [PolicyViolation(.confirmation, message: "The two passwords differ.")])
    }
}

extension PolicyViolation.Rule {
    /// The password was typed twice, and not the same.
    static let confirmation = PolicyViolation.Rule("confirmation")
}
