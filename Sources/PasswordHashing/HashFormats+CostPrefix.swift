extension HashFormats {
    /// What a stored value says before its salt, `$argon2id$v=19$m=19456,t=2,p=1` or `$2b$12`: values with the same
    /// prefix take the same work.
    ///
    /// Cut by its `$` alone, in about a hundred nanoseconds and without reading it as any format: of a text that is no
    /// hash the prefix means nothing and may hold anything. Nil for a text of another shape.
    public static func costPrefix(of stored: String) -> String? {
        let bytes = stored.utf8
        guard bytes.count <= StoredText.longest else { return nil }
        if stored.hasPrefix("scrypt$") { return djangoScryptCost(of: stored) }
        let isBare = bytes.first == UInt8(ascii: "$")
        guard isBare || words.contains(where: stored.hasPrefix) else { return nil }
        // bcrypt writes salt and hash as one.
        var fields = (isBare ? bareBcrypt : labelledBcrypt).contains(where: stored.hasPrefix) ? 1 : 2
        var end = bytes.endIndex
        while fields > 0 {
            guard let cut = bytes[..<end].lastIndex(of: UInt8(ascii: "$")), cut > bytes.startIndex else { return nil }
            end = cut
            fields -= 1
        }
        return String(stored[..<end])
    }

    /// Beginnings of Django's, Werkzeug's and Nextcloud's values, and labels before values that begin with a dollar.
    private static let words =
        ["pbkdf2_sha256$", "argon2$", "bcrypt_sha256$", "scrypt:", "pbkdf2:", "1|$", "2|$", "3|$"]
        + ["{CRYPT}$", "{ARGON2}$", "{ARGON2ID}$", "{ARGON2I}$", "{SHA512-CRYPT}$", "{SHA256-CRYPT}$", "{BLF-CRYPT}$"]

    private static let bareBcrypt = ["$2", "$wp$2"]
    private static let labelledBcrypt = ["bcrypt_sha256$", "1|$2", "{CRYPT}$2", "{BLF-CRYPT}$2"]

    /// Its salt stands in the middle, and is left out.
    private static func djangoScryptCost(of stored: String) -> String? {
        let fields = stored.split(separator: "$", omittingEmptySubsequences: false)
        return fields.count == 6 ? "scrypt$\(fields[1])$\(fields[3])$\(fields[4])" : nil
    }
}
