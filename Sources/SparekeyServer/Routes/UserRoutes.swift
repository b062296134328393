import Hummingbird
import PasswordHashing
import Sparekey

/// The accounts, for administrators.
struct UserRoutes: Sendable {
    let flows: ServerFlows

    func add(to api: RouteTable<AdministratorContext>) {
        api.on(.get, "/api/users", use: list)
        api.on(.post, "/api/users", use: add)
        api.on(.patch, "/api/users/:id", use: change)
        api.on(.delete, "/api/users/:id", use: remove)
    }

    @Sendable private func list(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let query = request.uri.queryParameters
        let search = query["search"].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
        let page = try await flows.register.list(
            search: search, after: query["after"].map(String.init), limit: try request.limit(atMost: 1000))
        return JSONAnswer.response(
            SuccessDocument(data: Listing(users: page.accounts.map(UserDocument.init), next: page.next)))
    }

    @Sendable private func add(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let body = try await JSONBody.read(AddUserBody.self, request)
        let administrator = try await context.acting(flows.admitAdministrator)
        let added = try await flows.manageAccounts.add(
            username: body.username, email: body.email, displayName: body.displayName,
            role: try body.role.map(role) ?? .user, password: body.password?.password, by: administrator)
        return JSONAnswer.response(SuccessDocument(data: One(user: UserDocument(added))), status: .created)
    }

    @Sendable private func change(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let body = try await JSONBody.read(ChangeUserBody.self, request)
        let administrator = try await context.acting(flows.admitAdministrator)
        let account = try await account(context)
        let changed = try await flows.manageAccounts.change(
            account, username: body.username, email: body.email, displayName: body.displayName,
            role: try body.role.map(role), active: body.active, by: administrator)
        return JSONAnswer.response(SuccessDocument(data: One(user: UserDocument(changed))))
    }

    @Sendable private func remove(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let administrator = try await context.acting(flows.admitAdministrator)
        try await flows.manageAccounts.remove(try await account(context), by: administrator)
        return Response(status: .noContent)
    }

    private func account(_ context: AdministratorContext) async throws -> Account {
        guard let account = try await flows.register.find(id: try context.parameters.require("id")) else {
            throw Problem(.notFound, "There is no such account.")
        }
        return account
    }

    private func role(_ text: String) throws -> AccountRole {
        guard let role = AccountRole(rawValue: text) else {
            throw Problem(.malformedRequest, "role is admin or user.")
        }
        return role
    }

    private struct Listing: Encodable, Sendable {
        let users: [UserDocument]
        let next: String?

        enum CodingKeys: CodingKey { case users, next }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(users, forKey: .users)
            try container.encode(next, forKey: .next)
        }
    }

    private struct One: Encodable, Sendable {
        let user: UserDocument
    }
}

struct AddUserBody: Decodable, Sendable {
    let username: String
    let email: String?
    let displayName: String?
    let role: String?
    let password: PasswordField?
}

struct ChangeUserBody: Decodable, Sendable {
    let username: String?
    let email: String?
    let displayName: String?
    let role: String?
    let active: Bool?
}
