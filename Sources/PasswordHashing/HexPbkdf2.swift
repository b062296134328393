/// PBKDF2-SHA256 in hexadecimal with its salt, and in Gitea its numbers too, in columns of their own: what Gogs began and
/// Gitea, Forgejo and Grafana kept.
private enum HexPbkdf2 {
    /// Bytes of key that all three make.
    static let keyLength = 50

    static func verify(_ password: Password, _ value: Pbkdf2Value) throws -> Bool {
        try value.matches(password, digest: .sha256)
    }

    static func key(_ password: Password, salt: [UInt8], rounds: Int) throws -> String {
        HexText.encode(try Pbkdf2Digest.sha256.derive(password, salt: salt, rounds: rounds, length: keyLength))
    }
}

/// Gitea's and Forgejo's default: `hash` in hexadecimal, `salt` in hexadecimal or, from the early days, ten characters as
/// they stand, `algorithm` as in `pbkdf2$50000$50`, where the numbers are rounds and bytes of key (modules/auth/password/hash
/// of Gitea: hash.go, pbkdf2.go).
///
/// An algorithm without numbers, or none, means 10,000 and 50, whatever the program's settings call the same word.
public struct GiteaPbkdf2: CredentialFormat {
    public init() {}

    public var name: String { "gitea-pbkdf2" }
    public var fields: Set<StoredCredential.Field> { [.hash, .salt, .algorithm] }

    public var costShape: CostShape {
        let floor = Pbkdf2Digest.sha256.floor
        // Its strongest preset; a replaced value's own number comes first wherever one is replaced.
        return CostShape([.init("rounds", 1...2_500_000)], recommended: [320_000], floor: { $0[0] >= floor })
    }

    public func parameters(of stored: StoredCredential) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost([value.rounds]), saltLength: value.salt.count, keyLength: value.key.count,
            isOutdated: value.salt.count < 16)
    }

    public func verify(
        _ password: Password, against stored: StoredCredential, inputs: CredentialInputs
    ) throws -> Bool {
        try HexPbkdf2.verify(password, parse(stored))
    }

    public func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let salt = salt.bytes(16)
        return StoredCredential([
            .hash: try HexPbkdf2.key(password, salt: salt, rounds: cost.numbers[0]), .salt: HexText.encode(salt),
            .algorithm: "pbkdf2$\(cost)$\(HexPbkdf2.keyLength)",
        ])
    }

    private func parse(_ stored: StoredCredential) throws -> Pbkdf2Value {
        guard let (rounds, length) = Self.numbers(stored[.algorithm] ?? ""),
            let key = stored[.hash].flatMap(HexText.decode), key.count == length,
            let salt = stored[.salt].flatMap(GiteaSalt.read)
        else { throw malformed() }
        let value = Pbkdf2Value(rounds: rounds, salt: salt, key: key)
        try value.check(scheme: name, digest: .sha256)
        return value
    }

    private static func numbers(_ algorithm: String) -> (rounds: Int, length: Int)? {
        if ["", "pbkdf2"].contains(algorithm) { return (10_000, HexPbkdf2.keyLength) }
        guard var text = StoredText(algorithm), text.take("pbkdf2$"), let rounds = text.decimal(), text.take("$"),
            let length = text.decimal(), text.isAtEnd
        else { return nil }
        return (rounds, length)
    }
}

/// Grafana's only one: 10,000 rounds, `hash` in hexadecimal, `salt` as it stands (`EncodePassword` in pkg/util/encoding.go).
///
/// The number is built in: less than OWASP asks, and nothing that a stored value could change.
public struct GrafanaPbkdf2: CredentialFormat {
    private static let rounds = 10_000
    /// Grafana's own have ten characters; its column holds fifty.
    private static let saltLength = 22

    public init() {}

    public var name: String { "grafana-pbkdf2" }
    public var fields: Set<StoredCredential.Field> { [.hash, .salt] }
    public var costShape: CostShape { CostShape([], recommended: [], floor: { _ in false }) }

    public func parameters(of stored: StoredCredential) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost([]), saltLength: value.salt.count, keyLength: value.key.count)
    }

    public func verify(
        _ password: Password, against stored: StoredCredential, inputs: CredentialInputs
    ) throws -> Bool {
        try HexPbkdf2.verify(password, parse(stored))
    }

    public func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let salt = AlphanumericSalt.draw(Self.saltLength, from: salt)
        return StoredCredential([
            .hash: try HexPbkdf2.key(password, salt: Array(salt.utf8), rounds: Self.rounds), .salt: salt,
        ])
    }

    private func parse(_ stored: StoredCredential) throws -> Pbkdf2Value {
        guard let key = stored[.hash].flatMap(HexText.decode), key.count == HexPbkdf2.keyLength,
            let salt = stored[.salt], !salt.isEmpty
        else { throw malformed() }
        let value = Pbkdf2Value(rounds: Self.rounds, salt: Array(salt.utf8), key: key)
        try value.check(scheme: name, digest: .sha256)
        return value
    }
}
