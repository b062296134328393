/// sha512-crypt and sha256-crypt: `$6$rounds=656000$<salt>$<hash>`, without `rounds=` 5000 (Drepper, "Unix crypt using
/// SHA-256 and SHA-512"; crypt(5)).
///
/// Rounds from 1000 to a million; Drepper's text would silently raise or lower others, libxcrypt and we refuse them.
public struct ShaCrypt: HashFormat {
    /// `$6$`
    public static let sha512 = ShaCrypt(bits: 512)
    /// `$5$`
    public static let sha256 = ShaCrypt(bits: 256)

    private let bits: Int

    private init(bits: Int) { self.bits = bits }

    private static let impliedRounds = 5000

    public var name: String { "sha\(bits)-crypt" }
    private var prefix: String { bits == 512 ? "$6$" : "$5$" }

    public var costShape: CostShape {
        // OWASP has no figure; passlib chose these for a third of a second.
        let rounds = bits == 512 ? 656_000 : 535_000
        return CostShape([.init("rounds", 1000...1_000_000)], recommended: [rounds], floor: { $0[0] >= rounds })
    }

    public func parameters(of stored: String) throws -> HashParameters {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        return HashParameters(
            scheme: name, cost: try cost([value.rounds]), saltLength: value.saltLength, keyLength: bits / 8,
            isOutdated: value.saltLength < 16)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        _ = try parameters(of: stored)
        return try XCrypt.verify(password, against: stored, scheme: name, limit: XCrypt.passwordLimit)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        // libxcrypt asks for more bytes than it uses: 16 characters spell 12.
        return try XCrypt.make(
            password, prefix: prefix, count: cost.numbers[0], random: salt.bytes(16), scheme: name,
            limit: XCrypt.passwordLimit)
    }

    private func read(_ stored: String) -> (rounds: Int, saltLength: Int)? {
        guard var text = StoredText(stored), text.take(prefix) else { return nil }
        var rounds = Self.impliedRounds
        if text.take("rounds=") {
            guard let stated = text.decimal(), text.take("$") else { return nil }
            rounds = stated
        }
        guard let salt = text.field(), salt.count <= 16, XCrypt.accepts(salt: salt), text.take("$"),
            let hash = text.lastField(), CryptAlphabet.standard.isCanonicalLowFirst(hash, bits: bits)
        else { return nil }
        return (rounds, salt.count)
    }
}

extension XCrypt {
    /// Salts of the older formats are text: any visible ASCII but what libxcrypt refuses (`check_badsalt_chars`).
    static func accepts(salt: [UInt8]) -> Bool {
        !salt.contains { "!*:;\\".utf8.contains($0) }
    }
}
