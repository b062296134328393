import HTTPTypes

extension UserRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/api/users", name: "listUsers", summary: "The accounts, by username",
            access: .administrator,
            query: [
                .init(
                    name: "search",
                    schema: .string(
                        "What a username or an e-mail begins with; whose e-mail alone does comes last. Empty finds everybody."
                    )),
                .init(name: "limit", schema: .pageSize),
                .init(name: "after", schema: .string("What next of the page before was.")),
            ],
            answers: [
                .json(
                    200, "A page of accounts.",
                    .success(
                        .answer([
                            "users": .array(.reference("User")),
                            "next": JSONTree.string("For after; null on the last page.").orNull,
                        ])))
            ], problems: [.malformedRequest]),
        CallDescription(
            method: .post, path: "/api/users", name: "addUser",
            summary: "Add an account; without a password for a one-time link (allow_admin_passwords false)",
            access: .administrator,
            body: .body(
                [
                    "username": .username, "password": JSONTree.newPassword.orNull, "email": JSONTree.email.orNull,
                    "displayName": JSONTree.displayName.orNull, "role": JSONTree.role.orNull,
                ], required: ["username"]),
            answers: [.json(201, "The account as it stands.", user)],
            problems: [.signInTooOld, .taken, .passwordRefused, .tooManyRequests]),
        CallDescription(
            method: .patch, path: "/api/users/:id", name: "changeUser",
            summary: "Change what is given of an account; of one's own the names only", access: .administrator,
            body: .body(
                [
                    "username": JSONTree.username.orNull, "email": JSONTree.email.orNull,
                    "displayName": JSONTree.displayName.orNull, "role": JSONTree.role.orNull,
                    "active": JSONTree.boolean("false keeps its owner from signing in.").orNull,
                ], required: []),
            answers: [.json(200, "The account as it stands.", user)],
            problems: [.signInTooOld, .ownAccount, .taken, .tooManyRequests]),
        CallDescription(
            method: .delete, path: "/api/users/:id", name: "removeUser",
            summary: "Remove somebody else's account", access: .administrator,
            answers: [.nothing("It is gone.")],
            problems: [.signInTooOld, .ownAccount, .tooManyRequests]),
    ]

    private static let user = JSONTree.success(.answer(["user": .reference("User")]))
}

extension UserDocument {
    static let schema = JSONTree.answer([
        "id": .id, "username": .string(), "email": JSONTree.string().orNull, "displayName": .string(), "role": .role,
        "active": .boolean(), "requirePasswordChange": .boolean(), "lastSignInAt": JSONTree.moment.orNull,
    ])
}

extension UserResetRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .post, path: "/api/users/:id/reset-password", name: "resetPasswordOfUser",
            summary: "Reset somebody else's password, or make a one-time link with which they do it",
            access: .administrator, body: .members(["oneOf": .list(ways)]),
            answers: [
                .json(
                    200, "Done. password only with generate; link, token and expiresAt only with link.",
                    .answer(["success": .always(true), "message": .string(), "data": data]))
            ],
            problems: [.signInTooOld, .ownAccount, .passwordRefused, .tooManyRequests])
    ]

    private static var ways: [JSONTree] {
        let reason = JSONTree.string("For the audit trail; what is beyond 400 characters is cut.").orNull
        let absent: JSONTree = ["enum": [.null, false]]
        return [
            .body(
                ["newPassword": .newPassword, "generate": absent, "link": absent, "reason": reason],
                required: ["newPassword"]),
            .body(
                ["generate": .always(true), "newPassword": ["type": "null"], "link": absent, "reason": reason],
                required: ["generate"]),
            .body(
                ["link": .always(true), "newPassword": ["type": "null"], "generate": absent, "reason": reason],
                required: ["link"]),
        ]
    }

    private static let data = JSONTree.answer(
        [
            "user": .answer(["id": .id, "email": JSONTree.string().orNull, "requirePasswordChange": .boolean()]),
            "password": .string("Shown once."), "link": .string("Holds the token; shown once.", format: "uri"),
            "token": .string("Shown once."), "expiresAt": .moment,
        ], optional: ["password", "link", "token", "expiresAt"])
}
