import CSodium

/// PBKDF2 as Django writes it: `pbkdf2_sha256$1000000$<salt>$<key>`, the salt as it stands, the key in base64 with padding
/// (`PBKDF2PasswordHasher` in django/contrib/auth/hashers.py, 5.2). Django's default.
public struct DjangoPbkdf2: HashFormat {
    public init() {}

    public var name: String { "django-pbkdf2-sha256" }

    public var costShape: CostShape {
        let floor = Pbkdf2Digest.sha256.floor
        // What Django 5.2 itself makes: it replaces any other number at the next sign-in.
        return CostShape([.init("rounds", 1...5_000_000)], recommended: [1_000_000], floor: { $0[0] >= floor })
    }

    public func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost([value.rounds]), saltLength: value.salt.count, keyLength: value.key.count,
            isOutdated: value.salt.count < DjangoSalt.length)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        try parse(stored).matches(password, digest: .sha256)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let salt = DjangoSalt.draw(salt)
        let key = try Pbkdf2Digest.sha256.derive(password, salt: Array(salt.utf8), rounds: cost.numbers[0], length: 32)
        return "pbkdf2_sha256$\(cost)$\(salt)$\(Base64Text.padded.encode(key))"
    }

    private func parse(_ stored: String) throws -> Pbkdf2Value {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        try value.check(scheme: name, digest: .sha256)
        return value
    }

    private func read(_ stored: String) -> Pbkdf2Value? {
        guard var text = StoredText(stored), text.take("pbkdf2_sha256$"), let rounds = text.decimal(), text.take("$"),
            let salt = text.field(), text.take("$"),
            let key = text.lastField().flatMap(Base64Text.padded.decode), key.count == 32
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }
}

/// Argon2id as Django writes it: `argon2` before the PHC string (`Argon2PasswordHasher`). Its i and d are not read.
public struct DjangoArgon2: HashFormat {
    private static let prefix = "argon2"

    public init() {}

    public var name: String { "django-argon2id" }

    public var costShape: CostShape {
        let plain = Argon2.id.costShape
        // What Django 5.2 itself makes.
        return CostShape(
            plain.numbers, recommended: [102_400, 2, 8], crossing: plain.crossing, floor: plain.floor)
    }

    public func parameters(of stored: String) throws -> HashParameters {
        try DjangoPrefix(Self.prefix, name).parameters(of: stored, by: Argon2.id, cost: cost)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        let plain = try DjangoPrefix(Self.prefix, name).taken(from: stored, by: Argon2.id)
        return try Argon2.id.verify(password, against: plain)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        // Django counts the salt's characters as letters and digits: a shorter one it would replace at the next sign-in.
        let salt = DjangoSalt.draw(salt)
        return Self.prefix + (try Argon2.id.spell(password, numbers: cost.numbers, salt: Array(salt.utf8)))
    }
}

/// bcrypt of the password's SHA-256 in lower-case hex: `bcrypt_sha256$$2b$12$…` (`BCryptSHA256PasswordHasher`).
///
/// So it holds passwords of any length, and NUL.
public struct DjangoBcryptSha256: HashFormat {
    private static let prefix = "bcrypt_sha256$"

    public init() {}

    public var name: String { "django-bcrypt-sha256" }
    public var variants: [String] { Bcrypt().variants }
    public var costShape: CostShape { Bcrypt().costShape }

    public func parameters(of stored: String) throws -> HashParameters {
        try DjangoPrefix(Self.prefix, name).parameters(of: stored, by: Bcrypt(), cost: cost)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        let plain = try DjangoPrefix(Self.prefix, name).taken(from: stored, by: Bcrypt())
        return try Bcrypt().verify(digest(password), against: plain)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let plain = try Bcrypt().make(
            digest(password), cost: Bcrypt().cost(cost.numbers), variant: variant, salt: salt)
        return Self.prefix + plain
    }

    private func digest(_ password: Password) -> Password {
        withWipedMemory(count: Int(crypto_hash_sha256_BYTES)) { digest in
            password.withUnsafeBytes { bytes in
                if let output = digest.bindMemory(to: UInt8.self).baseAddress {
                    _ = crypto_hash_sha256(output, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
                }
            }
            return Password(HexText.characters(of: digest))
        }
    }
}

/// scrypt as Django writes it: `scrypt$16384$<salt>$8$5$<key>`, that is N, salt, r, p and a key of 64 bytes in base64 with
/// padding (`ScryptPasswordHasher`).
///
/// Django's own hasher leaves OpenSSL's limit of 32 MiB in force: over the recommended cost its sign-in fails, unless the
/// site has raised `maxmem`.
public struct DjangoScrypt: HashFormat {
    private static let keyLength = 64

    public init() {}

    public var name: String { "django-scrypt" }

    public var costShape: CostShape {
        CostShape(
            Scrypt().costShape.numbers, recommended: [14, 8, 5], crossing: Scrypt.broken,
            floor: { numbers in Scrypt.floors.contains { zip(numbers, $0).allSatisfy { $0 >= $1 } } })
    }

    public func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost(value.numbers), saltLength: value.salt.count, keyLength: Self.keyLength,
            isOutdated: value.salt.count < DjangoSalt.length)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        let key = try Scrypt.derive(password, salt: value.salt, numbers: value.numbers, length: Self.keyLength)
        return constantTimeEqual(key, value.key)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let salt = DjangoSalt.draw(salt)
        let numbers = cost.numbers
        let key = try Scrypt.derive(password, salt: Array(salt.utf8), numbers: numbers, length: Self.keyLength)
        return "scrypt$\(1 << numbers[0])$\(salt)$\(numbers[1])$\(numbers[2])$\(Base64Text.padded.encode(key))"
    }

    private struct Value {
        var numbers: [Int]
        var salt: [UInt8]
        var key: [UInt8]
    }

    private func parse(_ stored: String) throws -> Value {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        try costShape.check(value.numbers, scheme: name)
        guard (1...64).contains(value.salt.count) else {
            throw HashError.outOfBounds(name, "a salt has 1 to 64 bytes")
        }
        return value
    }

    private func read(_ stored: String) -> Value? {
        guard var text = StoredText(stored), text.take("scrypt$"), let n = text.decimal(), n > 0,
            n & (n - 1) == 0, text.take("$"), let salt = text.field(), text.take("$"), let r = text.decimal(),
            text.take("$"), let p = text.decimal(), text.take("$"),
            let key = text.lastField().flatMap(Base64Text.padded.decode), key.count == Self.keyLength
        else { return nil }
        return Value(numbers: [n.trailingZeroBitCount, r, p], salt: salt, key: key)
    }
}

/// Django's word before a value of another format.
private struct DjangoPrefix {
    let prefix: String
    let scheme: String

    init(_ prefix: String, _ scheme: String) {
        self.prefix = prefix
        self.scheme = scheme
    }

    /// What stands behind the word, if it is a value of `format`; errors name Django's format, not that one.
    func taken(from stored: String, by format: some HashFormat) throws -> String {
        guard stored.utf8.starts(with: prefix.utf8) else { throw HashError.malformed(scheme) }
        let plain = String(decoding: stored.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        guard format.identifies(plain) else { throw HashError.malformed(scheme) }
        return plain
    }

    func parameters(
        of stored: String, by format: some HashFormat, cost: ([Int]) throws -> HashCost
    ) throws -> HashParameters {
        let plain = try format.parameters(of: taken(from: stored, by: format))
        return HashParameters(
            scheme: scheme, variant: plain.variant, cost: try cost(plain.cost.numbers), saltLength: plain.saltLength,
            keyLength: plain.keyLength, isOutdated: plain.isOutdated)
    }
}

/// The salts that Django makes: letters and digits, enough of them for 128 bits.
enum DjangoSalt {
    static let length = 22

    static func draw(_ source: SaltSource) -> String { AlphanumericSalt.draw(length, from: source) }
}
