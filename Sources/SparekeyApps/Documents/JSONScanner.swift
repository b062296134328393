/// Walks over a JSON document that is valid UTF-8 (RFC 8259), strictly: what it lets pass every parser reads alike.
struct JSONScanner {
    let bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The members of the document's object.
    mutating func document() throws -> [JSONText.Member] {
        skipSpace()
        guard peek() == UInt8(ascii: "{") else { throw fault("not an object") }
        let members = try object(depth: 1)
        skipSpace()
        guard at == bytes.count else { throw fault("something follows the document") }
        return members
    }

    private mutating func value(depth: Int) throws -> JSONScalar? {
        guard depth <= JSONText.deepest else { throw fault("nested too deeply") }
        switch peek() {
        case UInt8(ascii: "{"):
            _ = try object(depth: depth)
            return nil
        case UInt8(ascii: "["):
            try array(depth: depth)
            return nil
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws -> [JSONText.Member] {
        try take("{")
        var members: [JSONText.Member] = []
        var names: Set<String> = []
        skipSpace()
        if peek() == UInt8(ascii: "}") {
            at += 1
            return []
        }
        while true {
            skipSpace()
            let start = at
            let name = try string()
            guard names.insert(name).inserted else { throw JSONText.Fault(offset: start, what: "a key is given twice") }
            skipSpace()
            try take(":")
            skipSpace()
            let begin = at
            let scalar = try value(depth: depth + 1)
            members.append(JSONText.Member(name: name, scalar: scalar, place: begin..<at))
            if try isLast(closing: "}") { return members }
        }
    }

    private mutating func array(depth: Int) throws {
        try take("[")
        skipSpace()
        if peek() == UInt8(ascii: "]") {
            at += 1
            return
        }
        while true {
            skipSpace()
            _ = try value(depth: depth + 1)
            if try isLast(closing: "]") { return }
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

    private mutating func number() throws -> JSONScalar {
        let start = at
        while let byte = peek(), "+-.eE0123456789".utf8.contains(byte) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
            throw JSONText.Fault(offset: start, what: "not a value")
        }
        return Int64(text).map(JSONScalar.integer) ?? .number(text)
    }

    private mutating func word(_ word: String, _ scalar: JSONScalar) throws -> JSONScalar {
        guard bytes[at...].starts(with: word.utf8) else { throw fault("not a value") }
        at += word.utf8.count
        return scalar
    }

    private mutating func take(_ wanted: Unicode.Scalar) throws {
        guard peek() == UInt8(ascii: wanted) else { throw fault("'\(wanted)' is missing") }
        at += 1
    }

    private mutating func skipSpace() {
        while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
    }

    private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    private func fault(_ what: String) -> JSONText.Fault { JSONText.Fault(offset: at, what: what) }
}
