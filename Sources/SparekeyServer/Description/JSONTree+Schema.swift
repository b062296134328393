import Sparekey

/// JSON Schema (draft 2020-12, which OpenAPI 3.1 takes as it is), in the few words that the API's description needs.
extension JSONTree {
    /// A text, its length in characters.
    static func string(
        _ description: String? = nil, length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil,
        oneOf values: [String] = []
    ) -> JSONTree {
        var schema: [String: JSONTree] = ["type": "string"]
        if let description { schema["description"] = .text(description) }
        if let length {
            schema["minLength"] = .number(length.lowerBound)
            schema["maxLength"] = .number(length.upperBound)
        }
        if let pattern { schema["pattern"] = .text(pattern) }
        if let format { schema["format"] = .text(format) }
        if !values.isEmpty { schema["enum"] = .list(values.map(JSONTree.text)) }
        return .members(schema)
    }

    static func boolean(_ description: String? = nil) -> JSONTree {
        .members(["type": "boolean", "description": description.map(JSONTree.text)].compactMapValues(\.self))
    }

    static func always(_ value: JSONTree) -> JSONTree { .members(["const": value]) }

    /// The same, or null.
    var orNull: JSONTree {
        guard case .members(var members) = self, let type = members["type"] else {
            return .members(["anyOf": .list([self, ["type": "null"]])])
        }
        members["type"] = .list([type, "null"])
        if case .list(let values)? = members["enum"] { members["enum"] = .list(values + [.null]) }
        return .members(members)
    }

    static func array(_ elements: JSONTree) -> JSONTree { .members(["type": "array", "items": elements]) }

    /// A body that callers send: what is not named here is passed over.
    static func body(_ members: [String: JSONTree], required: [String]) -> JSONTree {
        ["type": "object", "properties": .members(members), "required": .list(required.map(JSONTree.text))]
    }

    /// An answer: these members and no others, all of them unless `optional` names them.
    static func answer(_ members: [String: JSONTree], optional: Set<String> = []) -> JSONTree {
        let required = members.keys.filter { !optional.contains($0) }.sorted()
        return body(members, required: required).adding(["additionalProperties": false])
    }

    /// ``SuccessDocument`` around `data`.
    static func success(_ data: JSONTree) -> JSONTree { answer(["success": .always(true), "data": data]) }

    static func reference(_ name: String) -> JSONTree { .members(["$ref": .text("#/components/schemas/\(name)")]) }

    static let id = JSONTree.string(
        "A random UUID.", pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
    static let pageSize: JSONTree = ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100]
    static let moment = JSONTree.string("In UTC, with seconds.", format: "date-time")
    static let role = JSONTree.string(oneOf: [AccountRole.admin, .user].map(\.rawValue))
    static let displayName = JSONTree.string("What is beyond 200 characters is cut.")
    static let email = JSONTree.string(
        "A second name for the account; nobody is mailed. At most 254 bytes.", length: 3...254,
        pattern: "^[^@:]+@[^@:]+$")
    static let username = JSONTree.string(
        "Compared without case; spaces around it are dropped.", length: 1...64, pattern: "^[^@:]+$")
    /// What somebody types to sign in.
    static let presentPassword = JSONTree.string("As it is; nothing is trimmed.", length: 0...1024)
    static let newPassword = JSONTree.string(
        "Judged by the policy in force, whose least length may be greater. At most 1024 bytes.", length: 8...1024)
}
