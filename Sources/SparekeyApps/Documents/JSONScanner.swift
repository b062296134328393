/// Walks over a JSON document that is valid UTF-8 (RFC 8259), strictly: what it lets pass every parser reads alike.
struct JSONScanner {
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The document's object.
    ///
    /// - Throws: ``DocumentText/Fault``.
    static func document(_ bytes: [UInt8]) throws -> DocumentNode {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DocumentText.Fault(place: "", what: "not UTF-8")
        }
        var scanner = JSONScanner(bytes: bytes)
        scanner.skipSpace()
        guard scanner.peek() == UInt8(ascii: "{") else { throw scanner.fault("not an object") }
        let root = try scanner.value(depth: 1)
        scanner.skipSpace()
        guard scanner.at == bytes.count else { throw scanner.fault("something follows the document") }
        return root
    }

    private mutating func value(depth: Int) throws -> DocumentNode {
        guard depth <= DocumentText.deepest else { throw fault("nested too deeply") }
        let (start, line) = (at, line)
        let content: DocumentNode.Content =
            switch peek() {
            case UInt8(ascii: "{"): .mapping(try object(depth: depth))
            case UInt8(ascii: "["): .list(try array(depth: depth))
            case UInt8(ascii: "\""): .scalar(.string(try string()))
            case UInt8(ascii: "t"): .scalar(try word("true", .bool(true)))
            case UInt8(ascii: "f"): .scalar(try word("false", .bool(false)))
            case UInt8(ascii: "n"): .scalar(try word("null", .null))
            default: .scalar(try number())
            }
        return DocumentNode(content: content, place: start..<at, line: line)
    }

    private mutating func object(depth: Int) throws -> [DocumentNode.Member] {
        try take("{")
        var members: [DocumentNode.Member] = []
        var names: Set<String> = []
        skipSpace()
        if peek() == UInt8(ascii: "}") {
            at += 1
            return []
        }
        while true {
            skipSpace()
            let name = try string()
            guard names.insert(name).inserted else { throw fault("a key is given twice") }
            skipSpace()
            try take(":")
            skipSpace()
            members.append(DocumentNode.Member(name: name, node: try value(depth: depth + 1)))
            if try isLast(closing: "}") { return members }
        }
    }

    private mutating func array(depth: Int) throws -> [DocumentNode] {
        try take("[")
        var items: [DocumentNode] = []
        skipSpace()
        if peek() == UInt8(ascii: "]") {
            at += 1
            return []
        }
        while true {
            skipSpace()
            items.append(try value(depth: depth + 1))
            if try isLast(closing: "]") { return items }
        }
    }

    private mutating func isLast(closing: Unicode.Scalar) throws -> Bool {
        skipSpace()
        if peek() == UInt8(ascii: closing) {
            at += 1
            return true
        }
        try take(",")
        return false
    }

    private mutating func string() throws -> String {
        try take("\"")
        var text: [UInt8] = []
        while let byte = peek() {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw fault("a control character in a text")
            default: text.append(byte)
            }
        }
        throw fault("a text without an end")
    }

    private mutating func escape() throws -> [UInt8] {
        guard let byte = peek() else { throw fault("a text without an end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try scalar())).utf8)
        default: throw fault("an escape that is none")
        }
    }

    private mutating func scalar() throws -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // A pair of surrogates (RFC 8259, section 7); half of one is no character.
        guard (0xD800..<0xDC00).contains(first), peek() == UInt8(ascii: "\\") else { throw fault("half a character") }
        at += 1
        try take("u")
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault("half a character") }
        return scalar
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard at + 4 <= bytes.count,
            bytes[at..<at + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw fault("an escape that is none") }
        at += 4
        return number
    }

    private mutating func number() throws -> DocumentScalar {
        let start = at
        while let byte = peek(), "+-.eE0123456789".utf8.contains(byte) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
            at = start
            throw fault("not a value")
        }
        return Int64(text).map(DocumentScalar.integer) ?? .number(text)
    }

    private mutating func word(_ word: String, _ scalar: DocumentScalar) throws -> DocumentScalar {
        guard bytes[at...].starts(with: word.utf8) else { throw fault("not a value") }
        at += word.utf8.count
        return scalar
    }

    private mutating func take(_ wanted: Unicode.Scalar) throws {
        guard peek() == UInt8(ascii: wanted) else { throw fault("'\(wanted)' is missing") }
        at += 1
    }

    private mutating func skipSpace() {
        while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            if byte == 0x0A { line += 1 }
            at += 1
        }
    }

    private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    private func fault(_ what: String) -> DocumentText.Fault { DocumentText.Fault(place: "byte \(at)", what: what) }
}

extension DocumentScalar {
    /// RFC 8259, section 7: what has to be escaped, and nothing else. YAML reads a text in double quotes alike.
    var json: [UInt8] {
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
