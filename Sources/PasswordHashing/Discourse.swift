/// Discourse: `hash`, 32 bytes in hexadecimal, `salt` as it stands, 32 hexadecimal digits in Discourse's own, and `algorithm`,
/// `$pbkdf2-sha256$i=600000,l=32$` (discourse/discourse 0a9b83a6, app/models/user_password.rb and lib/password_hasher.rb).
///
/// Discourse takes the rounds from the row, and replaces others than its own at the next sign-in.
struct DiscoursePbkdf2: Pbkdf2Columns {
    static let format = ColumnPbkdf2("discourse-pbkdf2", .sha256, DiscoursePbkdf2())

    var fields: Set<StoredCredential.Field> { [.hash, .salt, .algorithm] }
    var keyLength: Int { 32 }

    func read(_ stored: StoredCredential) -> Pbkdf2Value? {
        guard let key = stored[.hash].flatMap({ HexText.decode($0) }), key.count == keyLength,
            let salt = stored[.salt], !salt.isEmpty, var text = stored[.algorithm].flatMap(StoredText.init),
            text.take("$pbkdf2-sha256$i="), let rounds = text.decimal(), text.take(",l=32$"), text.isAtEnd
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: Array(salt.utf8), key: key)
    }

    func write(_ value: Pbkdf2Value) -> StoredCredential {
        StoredCredential([
            .hash: HexText.encode(value.key), .salt: String(decoding: value.salt, as: UTF8.self),
            .algorithm: "$pbkdf2-sha256$i=\(value.rounds),l=32$",
        ])
    }

    /// The column holds 32 characters.
    func salt(from source: SaltSource) -> [UInt8] { Array(HexText.encode(source.bytes(16)).utf8) }
}
