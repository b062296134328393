/// Keycloak's hashes in two JSON documents, ``KeycloakDocuments``; `algorithm` in one of them is the provider's name
/// (server-spi-private, Pbkdf2PasswordHashProvider.java, 100039f6). Keys have 64 bytes; others,
/// which Keycloak would read, are not: a key cut short still matches, being a prefix.
///
/// Keycloak pads short passwords with NULs, which PBKDF2's HMAC does by itself.
struct KeycloakPbkdf2: Pbkdf2Columns {
    let algorithm: String

    static let sha512 = ColumnPbkdf2("keycloak-pbkdf2-sha512", .sha512, KeycloakPbkdf2(algorithm: "pbkdf2-sha512"))
    static let sha256 = ColumnPbkdf2("keycloak-pbkdf2-sha256", .sha256, KeycloakPbkdf2(algorithm: "pbkdf2-sha256"))
    /// Verified only.
    static let sha1 = ColumnPbkdf2("keycloak-pbkdf2-sha1", .sha1, KeycloakPbkdf2(algorithm: "pbkdf2"))

    var fields: Set<StoredCredential.Field> { KeycloakDocuments.fields }
    var keyLength: Int { 64 }

    func read(_ stored: StoredCredential) -> Pbkdf2Value? {
        guard let documents = KeycloakDocuments(stored), documents.algorithm == algorithm,
            documents.parameters.isEmpty, documents.key.count == keyLength
        else { return nil }
        return Pbkdf2Value(rounds: documents.rounds, salt: documents.salt, key: documents.key)
    }

    func write(_ value: Pbkdf2Value) -> StoredCredential {
        KeycloakDocuments(
            algorithm: algorithm, rounds: value.rounds, parameters: [:], salt: value.salt, key: value.key
        ).stored
    }
}

/// Keycloak's newer default: argon2id with its numbers in `additionalParameters`
/// (crypto/default, Argon2PasswordHashProvider.java, 219684bd). Other kinds and versions are not read.
struct KeycloakArgon2: CredentialFormat {
    private static let keyLength = 32

    var name: String { "keycloak-argon2id" }
    var fields: Set<StoredCredential.Field> { KeycloakDocuments.fields }
    /// Keycloak's own.
    var costShape: CostShape { Argon2.id.costShape.recommending([7168, 5, 1]) }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        let value = try parse(stored).derivation
        return HashParameters(
            scheme: name, cost: try cost([value.memory, value.passes, value.lanes]), saltLength: value.salt.count,
            keyLength: value.tagLength, isOutdated: value.salt.count < 16)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        let (derivation, key) = try parse(stored)
        return constantTimeEqual(try derivation.tag(of: password), key)
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let (numbers, salt) = (cost.numbers, salt.bytes(16))
        let key = try derivation(numbers, salt: salt, length: Self.keyLength).tag(of: password)
        let parameters = [
            "hashLength": "\(Self.keyLength)", "memory": "\(numbers[0])", "type": "id", "version": "1.3",
            "parallelism": "\(numbers[2])",
        ]
        return KeycloakDocuments(
            algorithm: "argon2", rounds: numbers[1], parameters: parameters, salt: salt, key: key
        ).stored
    }

    private func parse(_ stored: StoredCredential) throws -> (derivation: Argon2Derivation, key: [UInt8]) {
        guard let documents = KeycloakDocuments(stored), documents.algorithm == "argon2",
            let numbers = Self.numbers(documents)
        else { throw malformed() }
        try costShape.check(numbers, scheme: name)
        guard (8...64).contains(documents.salt.count), (16...64).contains(documents.key.count) else {
            throw HashError.outOfBounds(name, "a salt has 8 to 64 bytes and a key 16 to 64")
        }
        return (derivation(numbers, salt: documents.salt, length: documents.key.count), documents.key)
    }

    private static func numbers(_ documents: KeycloakDocuments) -> [Int]? {
        let parameters = documents.parameters
        let number = { (name: String) in
            parameters[name].flatMap(StoredText.init).flatMap { (text: StoredText) -> Int? in
                var text = text
                let value = text.decimal()
                return text.isAtEnd ? value : nil
            }
        }
        guard parameters.count == 5, parameters["type"] == "id", parameters["version"] == "1.3",
            number("hashLength") == documents.key.count, let memory = number("memory"),
            let lanes = number("parallelism")
        else { return nil }
        return [memory, documents.rounds, lanes]
    }

    private func derivation(_ numbers: [Int], salt: [UInt8], length: Int) -> Argon2Derivation {
        Argon2Derivation(
            kind: .id, version: 19, memory: numbers[0], passes: numbers[1], lanes: numbers[2], salt: salt,
            tagLength: length)
    }
}
