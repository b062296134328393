/// The MD5 of a password in lower-case hexadecimal, as WordPress had it before 2.5 and still reads it. Verified only.
///
/// Thirty-two digits do not say what they are, so it is no ``HashFormat``: only a profile names it.
struct Md5Digest: CredentialFormat {
    var name: String { "md5-hex" }
    var fields: Set<StoredCredential.Field> { [.hash] }
    var canMake: Bool { false }
    var costShape: CostShape { CostShape([], recommended: [], floor: { _ in false }) }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        HashParameters(
            scheme: name, cost: try cost([]), saltLength: 0, keyLength: try parse(stored).count, isOutdated: true)
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        constantTimeEqual(password.digest(.md5), try parse(stored))
    }

    /// - Throws: `cannotMake`, always.
    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        throw HashError.onlyVerified(name)
    }

    private func parse(_ stored: StoredCredential) throws -> [UInt8] {
        guard let key = stored[.hash].flatMap({ HexText.decode($0) }), key.count == 16 else { throw malformed() }
        return key
    }
}
