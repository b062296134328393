import Hummingbird
import PasswordHashing
import Sparekey

/// The administrator's reset (PMX-1): a password, a generated one, or a one-time link.
struct UserResetRoutes: Sendable {
    let flows: ServerFlows

    func add(to api: RouteTable<AdministratorContext>) {
        api.on(.post, "/api/users/:id/reset-password", use: reset)
    }

    @Sendable private func reset(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let body = try await JSONBody.read(ResetBody.self, request)
        let way = try body.way
        let administrator = try await context.acting(flows.admitAdministrator)
        guard let account = try await flows.register.find(id: try context.parameters.require("id")) else {
            throw Problem(.notFound, "There is no such account.")
        }
        let reason = body.reason.map { DisplayText($0, limit: 400).text }
        switch way {
        case .password(let password):
            let report = try await flows.resetForAnother.set(password, of: account, by: administrator, reason: reason)
            return answer(report, password: nil)
        case .generate:
            let (report, password) = try await flows.resetForAnother.generate(
                for: account, by: administrator, reason: reason)
            return answer(report, password: password.shownOnce)
        case .link:
            let (token, expiresAt) = try await flows.resetForAnother.link(
                for: account, by: administrator, reason: reason)
            return answer(account, token.shownOnce, expiresAt)
        }
    }

    private func answer(_ report: ResetReport, password: String?) -> Response {
        let message =
            report.requirePasswordChange
            ? "Password reset successfully. User will be required to change password on next login."
            : "Password reset successfully."
        let user = ResetAnswer.User(report.account, requirePasswordChange: report.requirePasswordChange)
        return JSONAnswer.response(SuccessDocument(message: message, data: ResetAnswer(user: user, password: password)))
    }

    private func answer(_ account: Account, _ token: String, _ expiresAt: Timestamp) -> Response {
        let user = ResetAnswer.User(account, requirePasswordChange: account.requirePasswordChange)
        return JSONAnswer.response(
            SuccessDocument(
                message: "Reset link created.",
                data: ResetAnswer(
                    user: user, link: flows.links.resetPassword(token: token), token: token,
                    expiresAt: expiresAt.rfc3339)))
    }
}

/// Exactly one of the three.
struct ResetBody: Decodable, Sendable {
    enum Way {
        case password(Password)
        case generate
        case link
    }

    let newPassword: PasswordField?
    let generate: Bool?
    let link: Bool?
    let reason: String?

    var way: Way {
        get throws {
            switch (newPassword, generate ?? false, link ?? false) {
            case (let field?, false, false): return .password(field.password)
            case (nil, true, false): return .generate
            case (nil, false, true): return .link
            default: throw Problem(.malformedRequest, "Give exactly one of newPassword, generate and link.")
            }
        }
    }
}

private struct ResetAnswer: Encodable, Sendable {
    struct User: Encodable, Sendable {
        let id: String
        let email: String?
        let requirePasswordChange: Bool

        init(_ account: Account, requirePasswordChange: Bool) {
            id = account.id
            email = account.email
            self.requirePasswordChange = requirePasswordChange
        }

        enum CodingKeys: CodingKey { case id, email, requirePasswordChange }

        /// An account without an e-mail has the key too, as null.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(email, forKey: .email)
            try container.encode(requirePasswordChange, forKey: .requirePasswordChange)
        }
    }

    let user: User
    var password: String?
    var link: String?
    var token: String?
    var expiresAt: String?
}
