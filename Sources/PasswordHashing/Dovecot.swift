/// Dovecot's own labels, before values that crypt(3) and argon2 write (`doveadm pw -l`; src/auth/password-scheme-crypt.c and
/// password-scheme-sodium.c, 2.3.19). `{CRYPT}` and the digests are the same as OpenLDAP's.
extension LabelledHash {
    static let dovecot = [
        LabelledHash("dovecot-argon2id", label: "{ARGON2ID}", Argon2.id, recommended: [65_536, 3, 1]),
        LabelledHash("dovecot-argon2i", label: "{ARGON2I}", Argon2.i),
        LabelledHash("dovecot-sha512-crypt", label: "{SHA512-CRYPT}", ShaCrypt.sha512),
        LabelledHash("dovecot-sha256-crypt", label: "{SHA256-CRYPT}", ShaCrypt.sha256),
        LabelledHash("dovecot-bcrypt", label: "{BLF-CRYPT}", Bcrypt(), variants: ["2y", "2b", "2a"]),
        LabelledHash("dovecot-md5-crypt", label: "{MD5-CRYPT}", Md5Crypt()),
    ]
}

/// `{PBKDF2}$1$<salt>$5000$<key>`: a salt as it stands, rounds, and 20 bytes in hexadecimal, with SHA-1 (dovecot/core
/// 01867a4f, src/auth/password-scheme-pbkdf2.c). Verified only: Dovecot reads `{SHA512-CRYPT}` everywhere.
struct DovecotPbkdf2: Pbkdf2Spelling {
    static let format = SpelledPbkdf2("dovecot-pbkdf2", .sha1, DovecotPbkdf2())

    var keyLength: Int { 20 }

    func read(_ stored: String) -> Pbkdf2Value? {
        guard var text = StoredText(stored), text.take("{PBKDF2}$1$"), let salt = text.field(), text.take("$"),
            let rounds = text.decimal(), text.take("$"), let key = text.lastField().flatMap(HexText.decode),
            key.count == keyLength
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }

    func write(_ value: Pbkdf2Value) -> String {
        "{PBKDF2}$1$\(String(decoding: value.salt, as: UTF8.self))$\(value.rounds)$\(HexText.encode(value.key))"
    }
}
