/// A scalar of a JSON document (RFC 8259). Numbers that are no whole ones keep their text.
enum JSONScalar: Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(String)
    case string(String)
}

/// The top-level object of a JSON document, with the places of its members' values, so that one can be replaced without
/// touching another byte.
///
/// At most 256 KiB, 64 levels deep, no key twice in one object (house.md, Bounds).
struct JSONText: Equatable {
    struct Member: Equatable {
        let name: String
        /// Nil for an object or an array.
        let scalar: JSONScalar?
        let place: Range<Int>
    }

    /// What is wrong, and at which byte.
    struct Fault: Error {
        let offset: Int
        let what: String
    }

    static let mostBytes = 256 * 1_024
    static let deepest = 64

    let bytes: [UInt8]
    let members: [Member]

    /// - Throws: ``Fault``.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count <= Self.mostBytes else { throw Fault(offset: 0, what: "larger than 256 KiB") }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(offset: 0, what: "not UTF-8") }
        var scanner = JSONScanner(bytes: bytes)
        members = try scanner.document()
        self.bytes = bytes
    }

    subscript(name: String) -> JSONScalar? { members.first { $0.name == name }?.scalar }

    /// The same document with other scalars in these members. Read again: it differs there and nowhere else.
    ///
    /// - Throws: ``Fault`` for a member that is not there or is no scalar.
    func replacing(_ values: [String: JSONScalar]) throws -> JSONText {
        var changed = bytes
        for member in members.sorted(by: { $0.place.lowerBound > $1.place.lowerBound }) {
            guard let value = values[member.name] else { continue }
            guard member.scalar != nil else { throw Fault(offset: member.place.lowerBound, what: "not a single value") }
            changed.replaceSubrange(member.place, with: value.bytes)
        }
        let made = try JSONText(changed)
        let isAsMeant = zip(members, made.members).allSatisfy { old, new in
            old.name == new.name
                && (values[old.name].map { $0 == new.scalar } ?? (bytes[old.place] == made.bytes[new.place]))
        }
        guard isAsMeant, members.count == made.members.count, values.keys.allSatisfy({ made[$0] != nil }) else {
            throw Fault(offset: 0, what: "a member is missing")
        }
        return made
    }
}

extension JSONScalar {
    /// RFC 8259, section 7: what has to be escaped, and nothing else.
    var bytes: [UInt8] {
        switch self {
        case .null: Array("null".utf8)
        case .bool(let truth): Array("\(truth)".utf8)
        case .integer(let number): Array("\(number)".utf8)
        case .number(let text): Array(text.utf8)
        case .string(let text): [0x22] + text.utf8.flatMap(Self.escaped) + [0x22]
        }
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case 0x22, 0x5C: return [0x5C, byte]
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            return Array(("\\u00" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8)
        default: return [byte]
        }
    }
}
