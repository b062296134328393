/// How one program keeps a PBKDF2 key, its salt and its rounds in several columns.
protocol Pbkdf2Columns: Sendable {
    var fields: Set<StoredCredential.Field> { get }
    /// Bytes of key in a new value.
    var keyLength: Int { get }
    /// Nil for anything that the program would not have written; the bounds are not its concern.
    func read(_ stored: StoredCredential) -> Pbkdf2Value?
    func write(_ value: Pbkdf2Value) -> StoredCredential
    /// A new salt, as the bytes that go into PBKDF2.
    func salt(from source: SaltSource) -> [UInt8]
}

extension Pbkdf2Columns {
    func salt(from source: SaltSource) -> [UInt8] { source.bytes(16) }
}

/// PBKDF2 as a program keeps it in several columns: the bounds, floors and checks are the same for all.
struct ColumnPbkdf2: CredentialFormat {
    let name: String
    let digest: Pbkdf2Digest
    let columns: any Pbkdf2Columns

    init(_ name: String, _ digest: Pbkdf2Digest, _ columns: any Pbkdf2Columns) {
        self.name = name
        self.digest = digest
        self.columns = columns
    }

    var fields: Set<StoredCredential.Field> { columns.fields }
    var costShape: CostShape { digest.costShape }
    /// Each of these programs reads a better digest than SHA-1.
    var canMake: Bool { digest != .sha1 }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        try parse(stored).parameters(scheme: name, cost: cost)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        try parse(stored).matches(password, digest: digest)
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let salt = columns.salt(from: salt)
        let key = try digest.derive(password, salt: salt, rounds: cost.numbers[0], length: columns.keyLength)
        return columns.write(Pbkdf2Value(rounds: cost.numbers[0], salt: salt, key: key))
    }

    private func parse(_ stored: StoredCredential) throws -> Pbkdf2Value {
        guard let value = columns.read(stored) else { throw malformed() }
        try value.check(scheme: name, digest: digest)
        return value
    }
}
