/// A version, a bar and what PHP's `password_hash` writes (nextcloud/server 007be83a, lib/private/Security/Hasher.php).
///
/// The numbers are those that PHP chooses when the installation's settings do not: Nextcloud replaces others at the next
/// sign-in, and reads them until then. PHP without libargon2 checks argon2 by libsodium, which knows one lane only.
extension LabelledHash {
    /// `3|$argon2id$…`, Nextcloud's own where PHP has argon2id.
    static let nextcloudArgon2id = LabelledHash(
        "nextcloud-argon2id", label: "3|", Argon2.id, recommended: [65_536, 4, 1])

    /// `2|$argon2i$…`, of PHP 7.2; verified only.
    static let nextcloudArgon2i = LabelledHash("nextcloud-argon2i", label: "2|", Argon2.i)

    /// `1|$2y$…`, where PHP has no argon2. PHP's bcrypt does not read `$2b$`.
    static let nextcloudBcrypt = LabelledHash("nextcloud-bcrypt", label: "1|", Bcrypt(), variants: ["2y", "2a"])
}
