/// The algorithms that Gitea and Forgejo can be set to beside ``GiteaPbkdf2``. All keep `hash`, `salt` and `algorithm`, and an
/// algorithm without numbers means those of the program's first versions (go-gitea/gitea 2f1cce27,
/// modules/auth/password/hash: argon2.go, scrypt.go, bcrypt.go).
enum GiteaSalt {
    /// Hexadecimal or, from the early days, ten characters as they stand.
    static func read(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        return bytes.count == 10 ? bytes : HexText.decode(bytes)
    }
}

extension CredentialFormat {
    /// What stands in `algorithm`: a word and perhaps, each behind a `$`, the numbers; nil for another algorithm.
    fileprivate func giteaNumbers(_ stored: StoredCredential, word: String, implied: [Int]) -> [Int]? {
        guard let algorithm = stored[.algorithm] else { return nil }
        if algorithm == word { return implied }
        guard var text = StoredText(algorithm), text.take(word) else { return nil }
        var numbers: [Int] = []
        while !text.isAtEnd {
            guard text.take("$"), let number = text.decimal() else { return nil }
            numbers.append(number)
        }
        return numbers.count == implied.count ? numbers : nil
    }
}

/// `argon2$2$65536$8$50`: argon2id with passes, KiB, lanes and bytes of key; `hash` in hexadecimal.
struct GiteaArgon2: CredentialFormat {
    private static let keyLength = 50

    var name: String { "gitea-argon2" }
    var fields: Set<StoredCredential.Field> { [.hash, .salt, .algorithm] }
    var costShape: CostShape { Argon2.id.costShape.recommending([65_536, 2, 8]) }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost([value.memory, value.passes, value.lanes]), saltLength: value.salt.count,
            keyLength: value.tagLength, isOutdated: value.salt.count < 16)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        let tag = try parse(stored).tag(of: password)
        return constantTimeEqual(tag, stored[.hash].flatMap(HexText.decode) ?? [])
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let (numbers, salt) = (cost.numbers, salt.bytes(16))
        let tag = try derivation(numbers, salt: salt, length: Self.keyLength).tag(of: password)
        return StoredCredential([
            .hash: HexText.encode(tag), .salt: HexText.encode(salt),
            .algorithm: "argon2$\(numbers[1])$\(numbers[0])$\(numbers[2])$\(Self.keyLength)",
        ])
    }

    private func parse(_ stored: StoredCredential) throws -> Argon2Derivation {
        let implied = [2, 65_536, 8, Self.keyLength]
        guard let numbers = giteaNumbers(stored, word: "argon2", implied: implied),
            let tag = stored[.hash].flatMap(HexText.decode), tag.count == numbers[3],
            let salt = stored[.salt].flatMap(GiteaSalt.read)
        else { throw malformed() }
        let own = [numbers[1], numbers[0], numbers[2]]
        try costShape.check(own, scheme: name)
        guard (8...64).contains(salt.count), (16...64).contains(tag.count) else {
            throw HashError.outOfBounds(name, "a salt has 8 to 64 bytes and a key 16 to 64")
        }
        return derivation(own, salt: salt, length: tag.count)
    }

    private func derivation(_ numbers: [Int], salt: [UInt8], length: Int) -> Argon2Derivation {
        Argon2Derivation(
            kind: .id, version: 19, memory: numbers[0], passes: numbers[1], lanes: numbers[2], salt: salt,
            tagLength: length)
    }
}

/// `scrypt$65536$16$2$50`: N, r, p and bytes of key; `hash` in hexadecimal.
struct GiteaScrypt: CredentialFormat {
    private static let keyLength = 50

    var name: String { "gitea-scrypt" }
    var fields: Set<StoredCredential.Field> { [.hash, .salt, .algorithm] }
    var costShape: CostShape { Scrypt().costShape.recommending([16, 16, 2]) }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost(value.numbers), saltLength: value.salt.count, keyLength: value.key.count,
            isOutdated: value.salt.count < 16)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        let value = try parse(stored)
        let key = try Scrypt.derive(password, salt: value.salt, numbers: value.numbers, length: value.key.count)
        return constantTimeEqual(key, value.key)
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let (numbers, salt) = (cost.numbers, salt.bytes(16))
        let key = try Scrypt.derive(password, salt: salt, numbers: numbers, length: Self.keyLength)
        return StoredCredential([
            .hash: HexText.encode(key), .salt: HexText.encode(salt),
            .algorithm: "scrypt$\(1 << numbers[0])$\(numbers[1])$\(numbers[2])$\(Self.keyLength)",
        ])
    }

    private func parse(_ stored: StoredCredential) throws -> ScryptValue {
        let implied = [65_536, 16, 2, Self.keyLength]
        guard let numbers = giteaNumbers(stored, word: "scrypt", implied: implied),
            let ln = ScryptValue.log2(numbers[0]), let key = stored[.hash].flatMap(HexText.decode),
            key.count == numbers[3], let salt = stored[.salt].flatMap(GiteaSalt.read)
        else { throw malformed() }
        let value = ScryptValue(numbers: [ln, numbers[1], numbers[2]], salt: salt, key: key)
        try value.check(scheme: name, shape: costShape)
        return value
    }
}

/// `bcrypt$10`: `hash` is a bcrypt value, and its own salt counts; the column beside it holds one that nobody reads.
struct GiteaBcrypt: CredentialFormat {
    var name: String { "gitea-bcrypt" }
    var fields: Set<StoredCredential.Field> { [.hash, .salt, .algorithm] }
    /// Go's library writes `$2a$`.
    var variants: [String] { ["2a", "2b", "2y"] }
    var costShape: CostShape { Bcrypt().costShape }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        let plain = try parse(stored)
        return HashParameters(
            scheme: name, variant: plain.variant, cost: try cost(plain.cost.numbers), saltLength: plain.saltLength,
            keyLength: plain.keyLength)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        _ = try parse(stored)
        return try Bcrypt().verify(password, against: stored[.hash] ?? "")
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let hash = try Bcrypt().make(
            password, cost: Bcrypt().cost(cost.numbers), variant: variant ?? variants[0], salt: salt)
        return StoredCredential([
            .hash: hash, .salt: HexText.encode(salt.bytes(16)), .algorithm: "bcrypt$\(cost)",
        ])
    }

    private func parse(_ stored: StoredCredential) throws -> HashParameters {
        guard let numbers = giteaNumbers(stored, word: "bcrypt", implied: [10]),
            let hash = stored[.hash], Bcrypt().identifies(hash), stored[.salt] != nil
        else { throw malformed() }
        let plain = try Bcrypt().parameters(of: hash)
        // They are written together; two that differ were not written by Gitea.
        guard plain.cost.numbers == numbers else { throw malformed() }
        return plain
    }
}
