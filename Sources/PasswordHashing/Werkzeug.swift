/// Werkzeug's default from 2.3 on: `scrypt:32768:8:1$<salt>$<key>`, that is N, r, p, the salt as it stands and a key of 64
/// bytes in hexadecimal (`generate_password_hash` in src/werkzeug/security.py, 3.1.9).
struct WerkzeugScrypt: HashFormat {
    private static let keyLength = 64

    var name: String { "werkzeug-scrypt" }

    /// Werkzeug's own N, with the p that OWASP asks for at that N; Werkzeug allows OpenSSL the memory that a value asks for.
    var costShape: CostShape { Scrypt().costShape.recommending([15, 8, 3]) }

    func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost(value.numbers), saltLength: value.salt.count, keyLength: Self.keyLength,
            isOutdated: value.salt.count < WerkzeugSalt.length)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        let key = try Scrypt.derive(password, salt: value.salt, numbers: value.numbers, length: Self.keyLength)
        return constantTimeEqual(key, value.key)
    }

    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let (salt, numbers) = (WerkzeugSalt.draw(salt), cost.numbers)
        let key = try Scrypt.derive(password, salt: Array(salt.utf8), numbers: numbers, length: Self.keyLength)
        return "scrypt:\(1 << numbers[0]):\(numbers[1]):\(numbers[2])$\(salt)$\(HexText.encode(key))"
    }

    private func parse(_ stored: String) throws -> ScryptValue {
        guard let value = Self.read(stored) else { throw HashError.malformed(name) }
        try value.check(scheme: name, shape: costShape)
        return value
    }

    private static func read(_ stored: String) -> ScryptValue? {
        guard var text = StoredText(stored), text.take("scrypt:"), let ln = text.decimal().flatMap(ScryptValue.log2),
            text.take(":"), let r = text.decimal(), text.take(":"), let p = text.decimal(), text.take("$"),
            let salt = text.field(), text.take("$"), let key = text.lastField().flatMap(HexText.decode),
            key.count == keyLength
        else { return nil }
        return ScryptValue(numbers: [ln, r, p], salt: salt, key: key)
    }
}

/// Werkzeug's other form, and its default until 2.3: `pbkdf2:sha256:1000000$<salt>$<key>`, a key of the digest's length in
/// hexadecimal.
struct WerkzeugPbkdf2: Pbkdf2Spelling {
    let digest: Pbkdf2Digest

    static let sha256 = SpelledPbkdf2(
        "werkzeug-pbkdf2-sha256", .sha256, WerkzeugPbkdf2(digest: .sha256), recommended: 1_000_000)
    static let sha512 = SpelledPbkdf2("werkzeug-pbkdf2-sha512", .sha512, WerkzeugPbkdf2(digest: .sha512))
    /// Verified only.
    static let sha1 = SpelledPbkdf2("werkzeug-pbkdf2-sha1", .sha1, WerkzeugPbkdf2(digest: .sha1))

    var keyLength: Int { digest.length }
    private var prefix: String { "pbkdf2:\(digest.rawValue):" }

    func read(_ stored: String) -> Pbkdf2Value? {
        guard var text = StoredText(stored), text.take(prefix), let rounds = text.decimal(), text.take("$"),
            let salt = text.field(), text.take("$"), let key = text.lastField().flatMap(HexText.decode),
            key.count == keyLength
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }

    func write(_ value: Pbkdf2Value) -> String {
        "\(prefix)\(value.rounds)$\(String(decoding: value.salt, as: UTF8.self))$\(HexText.encode(value.key))"
    }

    func salt(from source: SaltSource) -> [UInt8] { Array(WerkzeugSalt.draw(source).utf8) }
}

/// As long as Werkzeug's own: programs give the value a column that just holds it.
private enum WerkzeugSalt {
    static let length = 16

    static func draw(_ source: SaltSource) -> String { AlphanumericSalt.draw(length, from: source) }
}
