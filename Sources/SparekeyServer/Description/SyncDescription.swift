import HTTPTypes

extension SyncRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .post, path: "/api/sync/host-key", name: "fetchSyncKey",
            summary: "A sync client's key, for the password",
            body: .body(
                ["username": .string("A username or an e-mail address."), "password": .presentPassword],
                required: ["username", "password"]),
            answers: [.json(200, "The key.", .answer(["key": .string(pattern: "^[0-9a-f]{40}$")]))],
            problems: [.signInRefused, .tooManyRequests]),
        CallDescription(
            method: .get, path: "/api/sync/whoami", name: "identifySyncKey", summary: "Whose key it is",
            access: .syncKey, answers: [.json(200, "The owner.", .answer(["username": .string()]))],
            usesDatabase: false),
    ]
}

extension RefreshRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .post, path: "/api/admin/refresh-user", name: "refreshUser",
            summary: "Tell this server that an account's credentials changed", access: .refresh,
            body: .members(["oneOf": [account("userId"), account("email")]]),
            answers: [.json(200, "It knows.", .answer(["success": .always(true)]))])
    ]

    /// Exactly one of the two.
    private static func account(_ name: String) -> JSONTree {
        .body([name: .string(), name == "email" ? "userId" : "email": ["type": "null"]], required: [name])
    }
}
