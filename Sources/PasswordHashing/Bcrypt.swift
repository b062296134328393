/// bcrypt: `$2b$12$` and 53 characters, cost 4 to 16 (crypt(5), OpenBSD's and Openwall's implementations).
///
/// `$2a$`, `$2b$` and `$2y$` are the same algorithm, but programs insist on their own prefix, so it is kept as a variant.
/// `$2x$`, a historic bug, is not recognised. A password over 72 bytes, of which bcrypt would ignore the rest, and any NUL
/// are refused, also in verification.
public struct Bcrypt: HashFormat {
    /// The most bytes of a password that bcrypt reads.
    public static let passwordLimit = 72

    public init() {}

    public var name: String { "bcrypt" }
    public var variants: [String] { ["2b", "2a", "2y"] }

    public var costShape: CostShape {
        CostShape([.init("cost", 4...16)], recommended: [12], floor: { $0[0] >= 10 })
    }

    public func parameters(of stored: String) throws -> HashParameters {
        guard let (variant, cost) = read(stored) else { throw HashError.malformed(name) }
        return HashParameters(
            scheme: name, variant: variant, cost: try self.cost([cost]), saltLength: 16, keyLength: 23)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        _ = try parameters(of: stored)
        return try XCrypt.verify(password, against: stored, scheme: name, limit: Self.passwordLimit)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        return try XCrypt.make(
            password, prefix: "$\(variant ?? variants[0])$", count: cost.numbers[0], random: salt.bytes(16),
            scheme: name, limit: Self.passwordLimit)
    }

    private func read(_ stored: String) -> (variant: String, cost: Int)? {
        guard var text = StoredText(stored), let variant = variants.first(where: { text.take("$\($0)$") }),
            let cost = Self.cost(text.field()), text.take("$"), let body = text.lastField(), body.count == 53,
            CryptAlphabet.bcrypt.isCanonicalHighFirst(body.prefix(22), bits: 128),
            CryptAlphabet.bcrypt.isCanonicalHighFirst(body.dropFirst(22), bits: 184)
        else { return nil }
        return (variant, cost)
    }

    /// Always two digits, unlike any other format's numbers. (`Int.init` alone would take a sign.)
    private static func cost(_ field: [UInt8]?) -> Int? {
        guard let field, field.count == 2, field.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(field[0] - 0x30) * 10 + Int(field[1] - 0x30)
    }
}
