/// Sonarr and its siblings: `hash`, 32 bytes, and `salt` in base64 with padding, `iterations` in decimal, with SHA-512
/// (Sonarr/Sonarr 1157050d, src/NzbDrone.Core/Authentication/UserService.cs).
///
/// Sonarr makes 10,000 rounds and reads the number from the row. A SHA-256 without a salt, from early versions, is not
/// read: Sonarr replaces it at the next sign-in.
struct SonarrPbkdf2: Pbkdf2Columns {
    static let format = ColumnPbkdf2("sonarr-pbkdf2", .sha512, SonarrPbkdf2())

    var fields: Set<StoredCredential.Field> { [.hash, .salt, .iterations] }
    var keyLength: Int { 32 }

    func read(_ stored: StoredCredential) -> Pbkdf2Value? {
        guard let key = stored[.hash].flatMap(Base64Text.padded.decodeColumn), key.count == keyLength,
            let salt = stored[.salt].flatMap(Base64Text.padded.decodeColumn),
            var text = stored[.iterations].flatMap(StoredText.init), let rounds = text.decimal(), text.isAtEnd
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }

    func write(_ value: Pbkdf2Value) -> StoredCredential {
        StoredCredential([
            .hash: Base64Text.padded.encode(value.key), .salt: Base64Text.padded.encode(value.salt),
            .iterations: "\(value.rounds)",
        ])
    }
}
