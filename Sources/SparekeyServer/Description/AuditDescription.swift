import HTTPTypes

extension AuditRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/api/audit", name: "listAuditTrail", summary: "The audit trail, newest first",
            access: .administrator,
            query: [
                .init(name: "search", schema: .string("What a field of a row holds, without regard to case.")),
                .init(name: "limit", schema: .pageSize),
                .init(
                    name: "after",
                    schema: number("What next of the page before was.").adding([
                        "minimum": .number(.min), "maximum": .number(.max),
                    ])),
            ],
            answers: [
                .json(
                    200, "A page of rows.",
                    .success(
                        .answer(["rows": .array(row), "next": number("For after; null on the last page.").orNull])))
            ], problems: [.malformedRequest])
    ]

    /// What a row has no value for is left out.
    private static let row = JSONTree.answer(
        [
            "sequence": number("The row's number."), "action": .string(), "at": .moment,
            "account": .answer(
                ["id": .string(), "username": .string(), "app": .string()], optional: ["id", "username", "app"]),
            "actor": .string("operator, administrator, owner, visitor or server."),
            "by": .string("The account that acted."), "user": .string("The operating system's user."),
            "address": .string(), "proof": .string(), "reason": .string(), "outcome": .string(),
            "nameHash": .string("A keyed hash of a name as somebody typed it."),
        ],
        optional: [
            "action", "at", "actor", "by", "user", "address", "proof", "reason", "outcome", "nameHash",
        ])

    private static func number(_ description: String) -> JSONTree {
        ["type": "integer", "format": "int64", "description": .text(description)]
    }
}
