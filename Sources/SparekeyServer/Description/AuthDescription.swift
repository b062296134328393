import HTTPTypes

extension AuthRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .post, path: "/api/auth/login", name: "signIn",
            summary: "Begin a session; whatever the cause, a refusal is the same",
            body: .members(["oneOf": [login("username"), login("email")]]),
            answers: [
                .json(
                    200, "The session's token, shown once.",
                    .success(.answer(["token": .string(pattern: "^[0-9a-f]{64}$"), "user": user])))
            ], problems: [.signInRefused, .tooManyRequests]),
        CallDescription(
            method: .post, path: "/api/auth/logout", name: "signOut", summary: "End the calling session",
            access: .signedIn, answers: [.nothing("The session is over.")]),
        CallDescription(
            method: .post, path: "/api/auth/change-password", name: "changePassword",
            summary: "Change one's own password; every other session ends", access: .signedIn,
            body: .body(
                ["currentPassword": .presentPassword, "newPassword": .newPassword],
                required: ["currentPassword", "newPassword"]),
            answers: [
                .json(200, "Changed.", .answer(["success": .always(true), "message": .string()]))
            ], problems: [.wrongCurrentPassword, .passwordRefused, .tooManyRequests]),
    ]

    /// Exactly one of the two names; either takes a username or an e-mail.
    private static func login(_ name: String) -> JSONTree {
        let other = name == "email" ? "username" : "email"
        return .body(
            [
                name: .string("A username or an e-mail address."), other: ["type": "null"],
                "password": .presentPassword,
            ], required: [name, "password"])
    }

    private static let user = JSONTree.answer([
        "id": .id, "email": JSONTree.string().orNull, "username": .string(), "role": .role,
        "requirePasswordChange": .boolean("True: nothing but changing it and signing out is possible."),
    ])
}

extension SessionRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/api/sessions", name: "listSessions", summary: "Where the caller is signed in",
            access: .free,
            answers: [
                .json(
                    200, "The last used first, at most 100.", .success(.answer(["sessions": .array(session)])))
            ]),
        CallDescription(
            method: .delete, path: "/api/sessions/:id", name: "endSession", summary: "End one of one's own sessions",
            access: .free, answers: [.nothing("The session is over.")]),
    ]

    private static let session = JSONTree.answer([
        "id": .id, "createdAt": .moment, "lastUsedAt": .moment, "address": JSONTree.string().orNull,
        "device": JSONTree.string("What the client called itself.").orNull,
        "current": .boolean("Whether it is the calling one."),
    ])
}
