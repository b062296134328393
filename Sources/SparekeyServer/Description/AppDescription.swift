import HTTPTypes

extension AppRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/api/apps", name: "listApps",
            summary: "The programs that the settings attach, how each stands, and its last resets",
            access: .administrator,
            answers: [
                .json(
                    200, "All of them; one that has not answered in time is unknown.",
                    .success(.answer(["apps": .array(app)])))
            ], problems: [])
    ]

    /// What there is no value for is left out.
    private static let app = JSONTree.answer(
        [
            "name": .string("The operator's name for it."), "profile": .string(),
            "program": .string("As people call it."), "versions": .string("Which ones the profile is for."),
            "database": .string("Without a password."),
            "state": .string(oneOf: ["fits", "misfit", "unreachable", "unknown"]),
            "detail": .string("Which database it is, or why it does not fit or cannot be reached."),
            "checkedAt": .moment,
            "bindings": .array(.string("What a reset reads, runs and contacts beside the database.")),
            "warnings": .array(.string("What of it would not work.")),
            "resets": .array(reset),
        ], optional: ["program", "versions", "detail", "checkedAt"])

    private static let reset = JSONTree.answer(
        [
            "reset": number("The journal's number."), "username": .string(), "at": .moment,
            "state": .string(oneOf: ["prepared", "done", "abandoned", "unclear"]),
            "undoes": number("The reset that this one took back."),
        ], optional: ["undoes"])

    private static func number(_ description: String) -> JSONTree {
        ["type": "integer", "format": "int64", "description": .text(description)]
    }
}
