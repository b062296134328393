import Crypto

/// The portable hashes of phpass: `$P$B`, eight characters of salt and 22 of hash; phpBB writes `$H$`. `B` is log₂ of the
/// number of rounds of MD5 (`crypt_private` of openwall phpass 0.5, as in WordPress 6.1, wp-includes/class-phpass.php).
///
/// Verified only: every WordPress that makes them accepts bcrypt too (`CheckPassword` falls back on PHP's `crypt`).
/// Passwords over 4096 bytes, which phpass refuses, are refused.
struct Phpass: HashFormat {
    static let passwordLimit = 4096

    var name: String { "phpass" }
    var canMake: Bool { false }

    var costShape: CostShape {
        // phpass goes to 30; a round is about as much work as one of PBKDF2.
        CostShape([.init("log2", 7...22)], recommended: [13], floor: { _ in false })
    }

    func parameters(of stored: String) throws -> HashParameters {
        HashParameters(
            scheme: name, cost: try cost([parse(stored).rounds]), saltLength: 8, keyLength: 16, isOutdated: true)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        try costShape.check([value.rounds], scheme: name)
        guard password.count <= Self.passwordLimit else {
            throw HashError.passwordTooLong(name, limit: Self.passwordLimit)
        }
        return constantTimeEqual(Self.digest(password, value), value.digest)
    }

    /// - Throws: `cannotMake`, always.
    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        throw HashError.onlyVerified(name)
    }

    private struct Value {
        /// log₂
        var rounds: Int
        var salt: [UInt8]
        var digest: [UInt8]
    }

    private func parse(_ stored: String) throws -> Value {
        let alphabet = CryptAlphabet.standard
        guard var text = StoredText(stored), text.take("$P$") || text.take("$H$"), let body = text.lastField(),
            body.count == 31, let rounds = alphabet.value(body[0]), let digest = alphabet.decodeLowFirst(body[9...])
        else { throw HashError.malformed(name) }
        return Value(rounds: rounds, salt: Array(body[1...8]), digest: digest)
    }

    private static func digest(_ password: Password, _ value: Value) -> [UInt8] {
        password.withUnsafeBytes { bytes in
            var first = Insecure.MD5()
            first.update(data: value.salt)
            first.update(bufferPointer: bytes)
            var digest = first.finalize()
            for _ in 0..<(1 << value.rounds) {
                var md5 = Insecure.MD5()
                digest.withUnsafeBytes { md5.update(bufferPointer: $0) }
                md5.update(bufferPointer: bytes)
                digest = md5.finalize()
            }
            return Array(digest)
        }
    }
}
