/// md5-crypt, `$1$<salt>$<hash>`: verified so that its owners can leave it behind, never made (crypt(5)).
public struct Md5Crypt: HashFormat {
    public init() {}

    public var name: String { "md5-crypt" }
    public var canMake: Bool { false }

    /// Always a thousand rounds.
    public var costShape: CostShape {
        CostShape([], recommended: [], floor: { _ in false })
    }

    public func parameters(of stored: String) throws -> HashParameters {
        guard var text = StoredText(stored), text.take("$1$"), let salt = text.field(), salt.count <= 8,
            XCrypt.accepts(salt: salt), text.take("$"), let hash = text.lastField(),
            CryptAlphabet.standard.isCanonicalLowFirst(hash, bits: 128)
        else { throw HashError.malformed(name) }
        return HashParameters(
            scheme: name, cost: try cost([]), saltLength: salt.count, keyLength: 16, isOutdated: true)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        _ = try parameters(of: stored)
        return try XCrypt.verify(password, against: stored, scheme: name, limit: XCrypt.passwordLimit)
    }

    /// - Throws: `cannotMake`, always.
    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        throw HashError.onlyVerified(name)
    }
}
