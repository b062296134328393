import Hummingbird
import PasswordHashing
import Sparekey

/// Sign-in, sign-out and the owner's own change (PMX-1).
struct AuthRoutes: Sendable {
    let flows: ServerFlows
    let book: ConnectionBook

    func add(to api: RouteTable<VisitorContext>, signedIn: RouteTable<SignedInContext>) {
        api.adding(CancelOnDisconnect(book: book)).on(.post, "/api/auth/login", use: login)
        signedIn.on(.post, "/api/auth/logout", use: logout)
        signedIn.on(.post, "/api/auth/change-password", use: changePassword)
    }

    @Sendable private func login(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let body = try await JSONBody.read(LoginBody.self, request)
        let begun = try await flows.signIn(
            SignInAttempt(
                name: try body.name, password: body.password.password, address: context.address,
                device: request.headers[.userAgent]))
        return JSONAnswer.response(
            SuccessDocument(data: LoginAnswer(token: begun.secret.shownOnce, user: .init(begun.account))))
    }

    @Sendable private func logout(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await flows.endSession(context.caller.session.id, of: context.caller.account, address: context.address)
        return Response(status: .noContent)
    }

    @Sendable private func changePassword(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let body = try await JSONBody.read(ChangePasswordBody.self, request)
        _ = try await flows.changePassword(
            of: context.caller, current: body.currentPassword.password, new: body.newPassword.password,
            address: context.address)
        return JSONAnswer.response(SuccessDocument<NoData>(message: "Password changed successfully"))
    }
}

/// `{"email"|"username","password"}`: each name is either.
struct LoginBody: Decodable, Sendable {
    let email: String?
    let username: String?
    let password: PasswordField

    var name: String {
        get throws {
            switch (email, username) {
            case (let name?, nil), (nil, let name?): return name
            default: throw Problem(.malformedRequest, "Give either email or username.")
            }
        }
    }
}

struct ChangePasswordBody: Decodable, Sendable {
    let currentPassword: PasswordField
    let newPassword: PasswordField
}

private struct LoginAnswer: Encodable, Sendable {
    struct User: Encodable, Sendable {
        let id: String
        let email: String?
        let username: String
        let role: String
        let requirePasswordChange: Bool

        init(_ account: Account) {
            id = account.id
            email = account.email
            username = account.username
            role = account.role.rawValue
            requirePasswordChange = account.requirePasswordChange
        }

        enum CodingKeys: CodingKey { case id, email, username, role, requirePasswordChange }

        /// An account without an e-mail has the key too, as null.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(email, forKey: .email)
            try container.encode(username, forKey: .username)
            try container.encode(role, forKey: .role)
            try container.encode(requirePasswordChange, forKey: .requirePasswordChange)
        }
    }

    let token: String
    let user: User
}
