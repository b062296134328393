/// Argon2 in PHC strings: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, base64 without padding (RFC 9106; the string
/// format follows `encoding.c` of the reference implementation, phc-winner-argon2).
///
/// Versions 19 and 16 are verified; a string without a version is 16, as the reference reads it. `keyid` and `data` are
/// refused. Only argon2id of version 19 is made, with 16 bytes of salt and 32 of tag.
public struct Argon2: HashFormat {
    enum Kind: String {
        case d = "argon2d"
        case i = "argon2i"
        case id = "argon2id"
    }

    /// The one to use: resists both side channels and trade-off attacks.
    public static let id = Argon2(kind: .id)
    /// Verified only.
    public static let i = Argon2(kind: .i)
    /// Verified only.
    public static let d = Argon2(kind: .d)

    let kind: Kind

    public var name: String { kind.rawValue }
    public var canMake: Bool { kind == .id }

    public var costShape: CostShape {
        CostShape(
            [.init("m", 8...262_144), .init("t", 1...16), .init("p", 1...16)], recommended: [19_456, 2, 1],
            crossing: { $0[0] < 8 * $0[2] ? "m must be at least 8 times p" : nil },
            // OWASP's five pairs, from m=47104,t=1 to m=7168,t=5, all have m·t of at least 35840.
            floor: { [kind] in kind == .id && $0[0] >= 7168 && $0[0] * $0[1] >= 35_840 })
    }

    public func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost(value.numbers), saltLength: value.salt.count, keyLength: value.tag.count,
            isOutdated: value.version != 19 || value.salt.count < 16 || value.tag.count < 32)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        return constantTimeEqual(try derive(password, value), value.tag)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        return try spell(password, numbers: cost.numbers, salt: salt.bytes(16))
    }

    /// A complete string of version 19; the numbers and the salt must be in bounds.
    func spell(_ password: Password, numbers: [Int], salt: [UInt8]) throws -> String {
        let blank = [UInt8](repeating: 0, count: 32)
        let value = Value(version: 19, numbers: numbers, salt: salt, tag: blank)
        let tag = Base64Text.standard.encode(try derive(password, value))
        return "$\(name)$v=19$\(costShape.spell(numbers))$\(Base64Text.standard.encode(value.salt))$\(tag)"
    }

    private struct Value {
        var version: Int
        var numbers: [Int]
        var salt: [UInt8]
        var tag: [UInt8]
    }

    private func parse(_ stored: String) throws -> Value {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        guard [16, 19].contains(value.version) else {
            throw HashError.outOfBounds(name, "version \(value.version) is neither 16 nor 19")
        }
        try costShape.check(value.numbers, scheme: name)
        // 12 is the shortest tag of the PHC string format; the longest are ours.
        guard (8...64).contains(value.salt.count), (12...64).contains(value.tag.count) else {
            throw HashError.outOfBounds(name, "a salt has 8 to 64 bytes and a tag 12 to 64")
        }
        return value
    }

    private func read(_ stored: String) -> Value? {
        guard var text = StoredText(stored), text.take("$\(name)$") else { return nil }
        var version = 16
        if text.take("v=") {
            guard let stated = text.decimal(), text.take("$") else { return nil }
            version = stated
        }
        guard text.take("m="), let m = text.decimal(), text.take(",t="), let t = text.decimal(), text.take(",p="),
            let p = text.decimal(), text.take("$"), let salt = text.field().flatMap(Base64Text.standard.decode),
            text.take("$"), let tag = text.lastField().flatMap(Base64Text.standard.decode)
        else { return nil }
        return Value(version: version, numbers: [m, t, p], salt: salt, tag: tag)
    }

    private func derive(_ password: Password, _ value: Value) throws -> [UInt8] {
        let derivation = Argon2Derivation(
            kind: kind, version: value.version, memory: value.numbers[0], passes: value.numbers[1],
            lanes: value.numbers[2], salt: value.salt, tagLength: value.tag.count)
        return try derivation.tag(of: password)
    }
}
