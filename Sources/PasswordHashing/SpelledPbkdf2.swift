/// How one program writes a PBKDF2 key with its salt and rounds as one text.
protocol Pbkdf2Spelling: Sendable {
    /// Bytes of key in a new value.
    var keyLength: Int { get }
    /// Nil for any text that the program would not have written; the bounds are not its concern.
    func read(_ stored: String) -> Pbkdf2Value?
    func write(_ value: Pbkdf2Value) -> String
    /// A new salt, as the bytes that go into PBKDF2.
    func salt(from source: SaltSource) -> [UInt8]
}

extension Pbkdf2Spelling {
    func salt(from source: SaltSource) -> [UInt8] { source.bytes(16) }
}

/// PBKDF2 as a program writes it in one text: the bounds, floors and checks are the same for all.
struct SpelledPbkdf2: HashFormat {
    let name: String
    let digest: Pbkdf2Digest
    let spelling: any Pbkdf2Spelling
    let costShape: CostShape

    /// - Parameter recommended: rounds where the program itself makes more than OWASP asks.
    init(_ name: String, _ digest: Pbkdf2Digest, _ spelling: any Pbkdf2Spelling, recommended: Int? = nil) {
        self.name = name
        self.digest = digest
        self.spelling = spelling
        costShape = recommended.map { digest.costShape.recommending([$0]) } ?? digest.costShape
    }

    /// Each of these programs reads a better digest than SHA-1.
    var canMake: Bool { digest != .sha1 }

    func parameters(of stored: String) throws -> HashParameters {
        try parse(stored).parameters(scheme: name, cost: cost)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        try parse(stored).matches(password, digest: digest)
    }

    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let salt = spelling.salt(from: salt)
        let key = try digest.derive(password, salt: salt, rounds: cost.numbers[0], length: spelling.keyLength)
        return spelling.write(Pbkdf2Value(rounds: cost.numbers[0], salt: salt, key: key))
    }

    private func parse(_ stored: String) throws -> Pbkdf2Value {
        guard let value = spelling.read(stored) else { throw HashError.malformed(name) }
        try value.check(scheme: name, digest: digest)
        return value
    }
}
