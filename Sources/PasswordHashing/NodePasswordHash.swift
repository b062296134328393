import Crypto

/// The Node package `password-hash` from 1.2 on: `sha1$<salt>$<rounds>$<hash>`, where each round is an HMAC-SHA1, keyed with
/// the salt, of the hexadecimal text before it, the password first (davidwood/node-password-hash, lib/password-hash.js).
/// Uptime Kuma's at first (server/password-hash.js, 03b2d8d5). Verified only: Uptime Kuma reads bcrypt.
struct NodePasswordHash: HashFormat {
    private static let prefix = "sha1$"

    var name: String { "node-password-hash-sha1" }
    var canMake: Bool { false }

    var costShape: CostShape {
        CostShape([.init("rounds", 1...1_000_000)], recommended: [1], floor: { _ in false })
    }

    func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost([value.rounds]), saltLength: value.salt.count, keyLength: 20,
            isOutdated: true)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        try costShape.check([value.rounds], scheme: name)
        let salt = SymmetricKey(data: value.salt)
        var code = password.withUnsafeBytes {
            HMAC<Insecure.SHA1>.authenticationCode(for: $0, using: salt)
        }
        for _ in 1..<value.rounds {
            let text = Array(HexText.encode(Array(code)).utf8)
            code = HMAC<Insecure.SHA1>.authenticationCode(for: text, using: salt)
        }
        return constantTimeEqual(Array(code), value.key)
    }

    /// - Throws: `cannotMake`, always.
    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        throw HashError.onlyVerified(name)
    }

    private func parse(_ stored: String) throws -> Pbkdf2Value {
        guard var text = StoredText(stored), text.take(Self.prefix), let salt = text.field(), salt.count <= 64,
            text.take("$"), let rounds = text.decimal(), text.take("$"),
            let key = text.lastField().flatMap(HexText.decode), key.count == 20
        else { throw HashError.malformed(name) }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }
}
