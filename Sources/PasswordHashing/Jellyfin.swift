/// Jellyfin's: `$PBKDF2-SHA512$iterations=210000$<salt>$<key>`, both in upper-case hexadecimal, a key of 64 bytes; in earlier
/// versions `$PBKDF2$iterations=1000$…` with SHA-1 and 32 bytes (Emby.Server.Implementations/Cryptography/
/// CryptographyProvider.cs: the old form in jellyfin/jellyfin b6f260be, both in the copy meridian-holdings/
/// cs--jellyfin--jellyfin 24355718).
struct JellyfinPbkdf2: Pbkdf2Spelling {
    let label: String
    let keyLength: Int

    static let sha512 = SpelledPbkdf2(
        "jellyfin-pbkdf2-sha512", .sha512, JellyfinPbkdf2(label: "PBKDF2-SHA512", keyLength: 64))
    /// Verified only.
    static let sha1 = SpelledPbkdf2("jellyfin-pbkdf2-sha1", .sha1, JellyfinPbkdf2(label: "PBKDF2", keyLength: 32))

    private var prefix: String { "$\(label)$iterations=" }

    func read(_ stored: String) -> Pbkdf2Value? {
        guard var text = StoredText(stored), text.take(prefix), let rounds = text.decimal(), text.take("$"),
            let salt = text.field().flatMap(HexText.decodeCapitals), text.take("$"),
            let key = text.lastField().flatMap(HexText.decodeCapitals), key.count == keyLength
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }

    func write(_ value: Pbkdf2Value) -> String {
        "\(prefix)\(value.rounds)$\(HexText.encodeCapitals(value.salt))$\(HexText.encodeCapitals(value.key))"
    }
}
