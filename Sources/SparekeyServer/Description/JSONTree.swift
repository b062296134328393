/// A JSON document put together in code, for the API's description.
enum JSONTree: Sendable, Hashable, Encodable {
    case null
    case truth(Bool)
    case number(Int)
    case text(String)
    case list([JSONTree])
    case members([String: JSONTree])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .truth(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .members(let members): try container.encode(members)
        }
    }

    /// The member of that name; nil where there is none, or this is no object.
    subscript(name: String) -> JSONTree? {
        guard case .members(let members) = self else { return nil }
        return members[name]
    }

    /// This object with further members.
    func adding(_ more: [String: JSONTree]) -> JSONTree {
        guard case .members(let members) = self else { preconditionFailure("only an object has members") }
        return .members(members.merging(more) { $1 })
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .truth(value) }
    init(arrayLiteral elements: JSONTree...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .members(Dictionary(elements) { $1 })
    }
}
