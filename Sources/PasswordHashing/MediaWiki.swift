/// MediaWiki's default: `:pbkdf2:sha512:30000:64:<salt>:<key>`, that is rounds, bytes of key, and both in base64 with padding
/// (includes/password/Pbkdf2Password.php and ParameterizedPassword.php, 1.39.17). `:A:` and `:B:`, plain MD5 from before
/// 1.24, are not read.
///
/// MediaWiki takes the rounds from the value, and replaces one with other rounds than its settings' at the next sign-in.
struct MediaWikiPbkdf2: Pbkdf2Spelling {
    let digest: Pbkdf2Digest

    static let sha512 = SpelledPbkdf2("mediawiki-pbkdf2-sha512", .sha512, MediaWikiPbkdf2(digest: .sha512))
    /// An earlier default. Values of those versions with a key of 128 bytes are out of bounds.
    static let sha256 = SpelledPbkdf2("mediawiki-pbkdf2-sha256", .sha256, MediaWikiPbkdf2(digest: .sha256))

    // As many as the digest has: more would cost all rounds again.
    var keyLength: Int { digest.length }
    private var prefix: String { ":pbkdf2:\(digest.rawValue):" }

    func read(_ stored: String) -> Pbkdf2Value? {
        guard var text = StoredText(stored), text.take(prefix), let rounds = text.decimal(), text.take(":"),
            let length = text.decimal(), text.take(":"),
            let salt = text.field(before: ":").flatMap(Base64Text.padded.decode), text.take(":"),
            let key = text.lastField().flatMap(Base64Text.padded.decode), key.count == length
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }

    func write(_ value: Pbkdf2Value) -> String {
        let base64 = Base64Text.padded
        return "\(prefix)\(value.rounds):\(value.key.count):\(base64.encode(value.salt)):\(base64.encode(value.key))"
    }
}
