import HTTPTypes

/// The API's description, an OpenAPI 3.1 document. It is made of what stands beside the routes, and of the kinds of
/// problem there are.
struct APIDescription: Sendable {
    let calls: [CallDescription]

    /// - Parameter hasSyncKeys: the setting `sync_keys`, without which there are no calls for sync clients.
    init(hasSyncKeys: Bool) {
        calls =
            HealthRoutes.described + MetricsRoutes.described + AuthRoutes.described + SessionRoutes.described
            + PasswordResetRoutes.described + ResetRequestRoutes.described + ResetRequestEvents.described
            + UserRoutes.described + UserResetRoutes.described + AuditRoutes.described + AppRoutes.described
            + RefreshRoutes.described
            + (hasSyncKeys ? SyncRoutes.described : [])
    }

    var document: JSONTree {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Sparekey", "version": "1",
                "description": .text(Self.introduction), "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "servers": [["url": "/"]],
            "paths": .members(paths),
            "components": [
                "schemas": .members(Self.schemas),
                "securitySchemes": [
                    "session": bearer("The token of a sign-in."),
                    "metricsToken": bearer("The setting metrics_token."),
                    "secret": bearer("The setting secret, at least 32 bytes; while none is set the call is 404."),
                    "signature": [
                        "type": "apiKey", "in": "header", "name": "Authorization",
                        "description":
                            "Sparekey-Refresh, a time and a MAC with the instance key: Sparekey's own commands.",
                    ],
                    "syncKey": bearer("The key of /api/sync/host-key, 40 hexadecimal digits."),
                ],
            ],
        ]
    }

    private func bearer(_ description: String) -> JSONTree {
        ["type": "http", "scheme": "bearer", "description": .text(description)]
    }

    private static let introduction = """
        Lets people back into self-hosted software when there is no e-mail. Every refusal is a problem document \
        (RFC 9457). Beside what each call names: a known address with another method is answered 405 \
        (urn:sparekey:problem:method-not-allowed) with Allow, an unknown one 404 (urn:sparekey:problem:not-found); GET \
        answers HEAD too. A page's cookie signs in as well; then every call but GET needs the header X-CSRF-Token. Bodies are JSON objects of at most 65536 bytes; members that are not named here are passed over.
        """

    private var paths: [String: JSONTree] {
        Dictionary(grouping: calls, by: \.template).mapValues { calls in
            .members(
                Dictionary(calls.map { ($0.method.rawValue.lowercased(), operation($0)) }) { _, later in later })
        }
    }

    private func operation(_ call: CallDescription) -> JSONTree {
        var members: [String: JSONTree] = [
            "operationId": .text(call.name), "summary": .text(call.summary),
            "security": security(call.access), "responses": .members(responses(call)),
        ]
        let parameters = pathParameters(call) + call.query.map { parameter($0.name, $0.schema, in: "query") }
        if !parameters.isEmpty { members["parameters"] = .list(parameters) }
        if let body = call.body {
            members["requestBody"] = ["required": true, "content": ["application/json": ["schema": body]]]
        }
        return .members(members)
    }

    private func security(_ access: CallDescription.Access) -> JSONTree {
        switch access {
        case .anybody: []
        case .signedIn, .free, .administrator: [["session": []]]
        case .metrics: [["metricsToken": []], ["session": []]]
        case .refresh: [["secret": []], ["signature": []]]
        case .syncKey: [["syncKey": []]]
        }
    }

    private func pathParameters(_ call: CallDescription) -> [JSONTree] {
        call.parameters.map { parameter($0, .id, in: "path").adding(["required": true]) }
    }

    private func parameter(_ name: String, _ schema: JSONTree, in place: String) -> JSONTree {
        ["name": .text(name), "in": .text(place), "schema": schema]
    }

    private func responses(_ call: CallDescription) -> [String: JSONTree] {
        var responses: [String: JSONTree] = [:]
        for answer in call.answers {
            var response: [String: JSONTree] = ["description": .text(answer.description)]
            if let schema = answer.schema { response["content"] = .members([answer.contentType: ["schema": schema]]) }
            responses[String(answer.status)] = .members(response)
        }
        for (status, kinds) in Dictionary(grouping: call.allProblems, by: \.status.code) {
            responses[String(status)] = problem(kinds)
        }
        return responses
    }

    private func problem(_ kinds: [ProblemKind]) -> JSONTree {
        let types = kinds.map { JSONTree.text($0.type) }
        var response: [String: JSONTree] = [
            "description": .text(kinds.map { $0.title + "." }.joined(separator: " Or: ")),
            "content": [
                "application/problem+json": [
                    "schema": [
                        "allOf": [.reference("Problem")], "properties": ["type": ["enum": .list(types)]],
                    ]
                ]
            ],
        ]
        if let header = kinds.first.flatMap(header) { response["headers"] = header }
        return .members(response)
    }

    private func header(_ kind: ProblemKind) -> JSONTree? {
        switch kind {
        case .unavailable, .programUnavailable, .tooManyRequests:
            [
                "Retry-After": [
                    "description": "Seconds to wait.", "required": true, "schema": ["type": "integer", "minimum": 1],
                ]
            ]
        case .notSignedIn, .signInRefused: ["WWW-Authenticate": ["required": true, "schema": .always("Bearer")]]
        default: nil
        }
    }

    private static let schemas: [String: JSONTree] = [
        "Problem": .answer(
            [
                "type": .string("Stable, to compare.", oneOf: ProblemKind.all.map(\.type)),
                "title": .string("The same for every problem of the type."),
                "status": ["type": "integer", "enum": .list(statuses)],
                "detail": .string("What happened and what to do, for people. May change."),
                "message": .string("The same as detail."),
                "success": .always(false),
                "errors": .array(.reference("Violation")),
            ], optional: ["errors"]),
        "Violation": .answer([
            "rule": .string("A rule of the password policy; more may come.", length: 1...64),
            "message": .string("For people."),
        ]),
        "User": UserDocument.schema,
    ]

    private static let statuses = Set(ProblemKind.all.map(\.status.code)).sorted().map(JSONTree.number)
}
