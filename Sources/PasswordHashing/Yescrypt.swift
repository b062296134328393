/// yescrypt as crypt(3) writes it: `$y$j9T$<salt>$<hash>` (crypt(5); Debian's default for system accounts).
///
/// The cost is libxcrypt's own scale, 1 to 9 here (1 MiB to 256 MiB; 10 and 11 need more). The field `j9T` is the flavour,
/// log₂ N and r (`yescrypt_encode_params_r`); what libxcrypt would not have written, other flavours, parallel or read-only
/// memory variants, is refused as out of bounds, because its memory could not be foretold.
public struct Yescrypt: HashFormat {
    public init() {}

    public var name: String { "yescrypt" }

    public var costShape: CostShape {
        CostShape([.init("cost", 1...9)], recommended: [5], floor: { $0[0] >= 5 })
    }

    public func parameters(of stored: String) throws -> HashParameters {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        guard let cost = Self.cost(of: value.field) else {
            throw HashError.outOfBounds(name, "the parameters are not on libxcrypt's scale from 1 to 9")
        }
        return HashParameters(
            scheme: name, cost: try self.cost([cost]), saltLength: value.saltLength, keyLength: 32,
            isOutdated: value.saltLength < 16)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        _ = try parameters(of: stored)
        return try XCrypt.verify(password, against: stored, scheme: name, limit: XCrypt.passwordLimit)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        return try XCrypt.make(
            password, prefix: "$y$", count: cost.numbers[0], random: salt.bytes(16), scheme: name,
            limit: XCrypt.passwordLimit)
    }

    private func read(_ stored: String) -> (field: [UInt8], saltLength: Int)? {
        let alphabet = CryptAlphabet.standard
        guard var text = StoredText(stored), text.take("$y$"), let field = text.field(), field.count >= 3,
            alphabet.holds(field), text.take("$"), let salt = text.field(), text.take("$"),
            let hash = text.lastField(), alphabet.isCanonicalLowFirst(hash, bits: 256)
        else { return nil }
        // 1 to 64 bytes; four characters are three bytes.
        let bytes = salt.count * 6 / 8
        guard (1...64).contains(bytes), alphabet.isCanonicalLowFirst(salt, bits: bytes * 8) else { return nil }
        return (field, bytes)
    }

    /// Undoes `gensalt_yescrypt_rn`: r is 8 with N of 2^(cost+9) for 1 and 2, else 32 with 2^(cost+7).
    private static func cost(of field: [UInt8]) -> Int? {
        let values = field.compactMap(CryptAlphabet.standard.value)
        // `j`: read-write flavour with the default sbox, gather, simple and 6-round bits.
        guard values.count == 3, field[0] == UInt8(ascii: "j") else { return nil }
        // Numbers up to 48 take one character and count from 1.
        let (logN, r) = (values[1] + 1, values[2] + 1)
        switch r {
        case 8 where (10...11).contains(logN): return logN - 9
        case 32 where (10...16).contains(logN): return logN - 7
        default: return nil
        }
    }
}
