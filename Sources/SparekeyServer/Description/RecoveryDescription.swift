import HTTPTypes

extension PasswordResetRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .post, path: "/api/password-reset/request", name: "requestResetCode",
            summary: "Ask for a reset code; the answer is the same for every name",
            body: .body(["username": .string("A username or an e-mail address."), "app": app], required: ["username"]),
            answers: [.json(200, "Noted, whether or not somebody has the name.", message)],
            problems: [.notFound, .programUnavailable, .tooManyRequests]),
        CallDescription(
            method: .post, path: "/api/password-reset/verify", name: "verifyResetCode",
            summary: "Tell whether a code is right; spends nothing",
            body: .body(
                ["username": .string(), "code": code, "app": app], required: ["username", "code"]),
            answers: [
                .json(200, "Right.", .answer(["success": .always(true), "username": .string("As it was sent.")]))
            ], problems: [.invalidResetCode, .notFound, .programUnavailable, .tooManyRequests]),
        CallDescription(
            method: .post, path: "/api/password-reset/reset", name: "resetWithCode",
            summary: "Set a new password by a code",
            body: .body(
                [
                    "username": .string(), "code": code, "newPassword": .newPassword,
                    "confirmPassword": JSONTree.newPassword.orNull, "app": app,
                ], required: ["username", "code", "newPassword"]),
            answers: [.json(200, "The new password works; every session has ended.", message)],
            problems: [
                .invalidResetCode, .passwordRefused, .notFound, .notAllowed, .programUnavailable, .tooManyRequests,
            ]),
        CallDescription(
            method: .post, path: "/reset-password", name: "resetWithToken",
            summary: "Set a new password by a one-time token; the page there posts a form of its own",
            body: .body(
                [
                    "token": .string("64 hexadecimal digits."), "new_password": .newPassword,
                    "confirm_password": JSONTree.newPassword.orNull,
                ], required: ["token", "new_password"]),
            answers: [.json(200, "The new password works; every session has ended.", message)],
            problems: [.invalidResetToken, .passwordRefused, .notAllowed, .programUnavailable, .tooManyRequests]),
    ]

    private static let message = JSONTree.answer(["success": .always(true), "message": .string()])
    private static let code = JSONTree.string("6 digits; spaces and dashes are passed over.")
    private static let app = JSONTree.string("The name an app is attached under; absent for Sparekey's own accounts.")
        .orNull
}

extension ResetRequestRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/api/reset-requests", name: "listResetRequests",
            summary: "What people asked for, newest first", access: .administrator,
            query: [
                CallDescription.Parameter(name: "limit", schema: .pageSize),
                CallDescription.Parameter(name: "after", schema: .string(pattern: "^[0-9]{1,18}$")),
            ],
            answers: [
                .json(
                    200, "A page of requests.",
                    .success(.answer(["requests": .array(request), "next": JSONTree.string().orNull])))
            ], problems: [.malformedRequest]),
        CallDescription(
            method: .post, path: "/api/reset-requests/:id/approve", name: "approveResetRequest",
            summary: "Let a code come into being; nobody is shown it by this", access: .administrator, answers: [one],
            problems: acts),
        CallDescription(
            method: .post, path: "/api/reset-requests/:id/deny", name: "denyResetRequest",
            summary: "Refuse a request", access: .administrator, answers: [one], problems: acts),
        CallDescription(
            method: .post, path: "/api/reset-requests/:id/reveal", name: "revealResetCode",
            summary: "Show a code that works; each reveal is an audit row", access: .administrator,
            answers: [
                .json(
                    200, "The code.",
                    .success(
                        .answer(
                            ["code": .string(pattern: "^[0-9]{6}$"), "expiresAt": .moment], optional: ["expiresAt"])
                    ))
            ], problems: acts),
    ]

    private static let acts: [ProblemKind] = [
        .ownAccount, .signInTooOld, .requestClosed, .tooManyRequests,
    ]
    private static let one = CallDescription.Answer.json(
        200, "The request as it stands now.", .success(.answer(["request": request])))

    private static let request = JSONTree.answer([
        "id": .string(pattern: "^[0-9]{1,18}$"), "name": .string("As typed, cleaned."),
        "account": JSONTree.string("Whom it means; null while nobody looked, and for nobody.").orNull,
        "app": JSONTree.string().orNull, "address": JSONTree.string().orNull,
        "state": .string(oneOf: [
            "new", "waiting", "live", "used", "expired", "void", "withheld", "denied", "nobody",
        ]),
        "needsApproval": .boolean(), "requestedAt": .moment, "expiresAt": JSONTree.moment.orNull,
    ])
}

extension ResetRequestEvents {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/api/reset-requests/events", name: "followResetRequests",
            summary: "Server-sent events: ids of requests that are new or changed", access: .administrator,
            answers: [.text(200, "A stream that ends with the session.", type: "text/event-stream")])
    ]
}
