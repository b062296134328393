/// bcrypt of a salt from a column and the password behind it: Metabase (metabase/metabase 00f84ab8,
/// src/metabase/util/password.clj; jBCrypt, which knows `$2a$` only).
///
/// Salt and password share bcrypt's 72 bytes. Metabase's salts are UUIDs of 36 characters; ours have 22, and leave room for
/// a password of 50 bytes. What would be cut is refused.
struct SaltedBcrypt: CredentialFormat {
    private static let saltLength = 22

    var name: String { "metabase-bcrypt" }
    var fields: Set<StoredCredential.Field> { [.hash, .salt] }
    var costShape: CostShape { Bcrypt().costShape }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        let plain = try Bcrypt().parameters(of: parse(stored).hash)
        return HashParameters(
            scheme: name, cost: try cost(plain.cost.numbers), saltLength: plain.saltLength,
            keyLength: plain.keyLength)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        let (hash, salt) = try parse(stored)
        _ = try parameters(of: stored)
        return try Bcrypt().verify(joined(salt, password), against: hash)
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let column = AlphanumericSalt.draw(Self.saltLength, from: salt)
        let hash = try Bcrypt().make(
            joined(column, password), cost: Bcrypt().cost(cost.numbers), variant: "2a", salt: salt)
        return StoredCredential([.hash: hash, .salt: column])
    }

    private func parse(_ stored: StoredCredential) throws -> (hash: String, salt: String) {
        guard let hash = stored[.hash], hash.hasPrefix("$2a$"), Bcrypt().identifies(hash), let salt = stored[.salt],
            (1..<Bcrypt.passwordLimit).contains(salt.utf8.count)
        else { throw malformed() }
        return (hash, salt)
    }

    private func joined(_ salt: String, _ password: Password) throws -> Password {
        let room = Bcrypt.passwordLimit - salt.utf8.count
        guard password.count <= room else { throw HashError.passwordTooLong(name, limit: room) }
        return Password(utf8: salt).followed(by: password)
    }
}

/// bcrypt of the password and, behind it, a pepper from the program's settings: Devise (heartcombo/devise 150273e3,
/// lib/devise/encryptor.rb), and so Rails programs that have set one. Without a pepper it is plain bcrypt.
///
/// Of both together Ruby's bcrypt takes the first 72 bytes, and Devise's own peppers have 128: so they are cut here as well,
/// but a password that would itself be cut is refused.
struct PepperedBcrypt: CredentialFormat {
    var name: String { "devise-bcrypt" }
    var fields: Set<StoredCredential.Field> { [.hash] }
    var needsPepper: Bool { true }
    /// Ruby's library writes `$2a$`.
    var variants: [String] { ["2a", "2b", "2y"] }
    var costShape: CostShape { Bcrypt().costShape }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        guard let hash = stored[.hash], Bcrypt().identifies(hash) else { throw malformed() }
        let plain = try Bcrypt().parameters(of: hash)
        return HashParameters(
            scheme: name, variant: plain.variant, cost: try cost(plain.cost.numbers), saltLength: plain.saltLength,
            keyLength: plain.keyLength)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        _ = try parameters(of: stored)
        return try Bcrypt().verify(joined(password, inputs), against: stored[.hash] ?? "")
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        let hash = try Bcrypt().make(
            joined(password, inputs), cost: Bcrypt().cost(cost.numbers), variant: variant ?? variants[0], salt: salt)
        return StoredCredential(hash: hash)
    }

    private func joined(_ password: Password, _ inputs: CredentialInputs) throws -> Password {
        guard let pepper = inputs.pepper else {
            throw HashError(.missingInput, "\(name) needs the pepper from the program's settings")
        }
        guard password.count <= Bcrypt.passwordLimit else {
            throw HashError.passwordTooLong(name, limit: Bcrypt.passwordLimit)
        }
        return password.followed(by: pepper, upTo: Bcrypt.passwordLimit)
    }
}

extension Password {
    /// These bytes and then `other`'s, of both together the first `limit`.
    func followed(by other: Password, upTo limit: Int = .max) -> Password {
        withWipedMemory(count: count + other.count) { joined in
            withUnsafeBytes { joined.copyMemory(from: $0) }
            other.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: joined[count...]).copyMemory(from: $0) }
            return Password(joined.prefix(limit))
        }
    }
}
