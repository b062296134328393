/// Reads a stored value from the front, accepting only the one canonical spelling of everything.
///
/// Works on bytes: a stored value is foreign data, and `Character` would join bytes that no format joins.
struct StoredText {
    /// No format here comes near it; a longer value is not a hash.
    static let longest = 1024

    private var rest: ArraySlice<UInt8>

    /// Nil unless `stored` has 1 to 1024 bytes, all of them visible ASCII: no NUL, no space, no control character.
    init?(_ stored: String) {
        let bytes = stored.utf8
        guard (1...Self.longest).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            return nil
        }
        rest = Array(bytes)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Consumes `literal`, or nothing.
    mutating func take(_ literal: String) -> Bool {
        guard rest.starts(with: literal.utf8) else { return false }
        rest = rest.dropFirst(literal.utf8.count)
        return true
    }

    /// A decimal number without sign or leading zero, of at most ten digits so that it cannot overflow.
    mutating func decimal() -> Int? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...10).contains(digits.count), digits.count == 1 || digits.first != 0x30 else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// What stands before the next `$`, or other separator, or the end, which is not consumed; nil when that is nothing.
    mutating func field(before separator: Unicode.Scalar = "$") -> [UInt8]? {
        let field = rest.prefix { $0 != UInt8(ascii: separator) }
        guard !field.isEmpty else { return nil }
        rest = rest.dropFirst(field.count)
        return Array(field)
    }

    /// ``field()`` if it is the last.
    mutating func lastField() -> [UInt8]? {
        guard let field = field(), isAtEnd else { return nil }
        return field
    }
}
