import Crypto

/// One digest of a password, perhaps with a salt, in base64 with padding: `{SHA}`, `{SSHA}`, `{SSHA512}` and their siblings
/// (RFC 2307 section 5.3; openldap libraries/liblutil/passwd.c, 2.5.13; dovecot src/auth/password-scheme.c, 2.3.19;
/// Apache's `htpasswd -s`).
///
/// Verified only: each program that reads one reads a slow format as well. The salt stands behind the digest.
struct DigestLabel: HashFormat {
    enum Digest: Int {
        case md5 = 16
        case sha1 = 20
        case sha256 = 32
        case sha512 = 64
    }

    let name: String
    let label: String
    let digest: Digest
    let isSalted: Bool

    static let all = [
        DigestLabel("ldap-sha1", "SHA", .sha1), DigestLabel("ldap-ssha1", "SSHA", .sha1, isSalted: true),
        DigestLabel("ldap-sha256", "SHA256", .sha256), DigestLabel("ldap-ssha256", "SSHA256", .sha256, isSalted: true),
        DigestLabel("ldap-sha512", "SHA512", .sha512), DigestLabel("ldap-ssha512", "SSHA512", .sha512, isSalted: true),
        DigestLabel("ldap-md5", "MD5", .md5), DigestLabel("ldap-smd5", "SMD5", .md5, isSalted: true),
    ]

    init(_ name: String, _ label: String, _ digest: Digest, isSalted: Bool = false) {
        self.name = name
        self.label = label
        self.digest = digest
        self.isSalted = isSalted
    }

    var canMake: Bool { false }
    var costShape: CostShape { CostShape([], recommended: [], floor: { _ in false }) }

    func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost([]), saltLength: value.salt.count, keyLength: digest.rawValue,
            isOutdated: true)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        return constantTimeEqual(password.digest(digest, followedBy: value.salt), value.key)
    }

    /// - Throws: `cannotMake`, always.
    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        throw HashError.onlyVerified(name)
    }

    private func parse(_ stored: String) throws -> (key: [UInt8], salt: [UInt8]) {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        guard value.salt.count <= 64 else { throw HashError.outOfBounds(name, "a salt has 1 to 64 bytes") }
        return value
    }

    private func read(_ stored: String) -> (key: [UInt8], salt: [UInt8])? {
        // Both programs read labels in any case; all capitals or none are what is written.
        guard var text = StoredText(stored), text.take("{\(label)}") || text.take("{\(label.lowercased())}"),
            let bytes = text.lastField().flatMap(Base64Text.padded.decode), bytes.count >= digest.rawValue,
            (bytes.count > digest.rawValue) == isSalted
        else { return nil }
        return (Array(bytes.prefix(digest.rawValue)), Array(bytes.dropFirst(digest.rawValue)))
    }
}

extension Password {
    /// One digest of these bytes and `salt`.
    func digest(_ digest: DigestLabel.Digest, followedBy salt: [UInt8] = []) -> [UInt8] {
        switch digest {
        case .md5: digested(Insecure.MD5(), salt)
        case .sha1: digested(Insecure.SHA1(), salt)
        case .sha256: digested(SHA256(), salt)
        case .sha512: digested(SHA512(), salt)
        }
    }

    private func digested(_ function: some HashFunction, _ salt: [UInt8]) -> [UInt8] {
        var function = function
        withUnsafeBytes { function.update(bufferPointer: $0) }
        function.update(data: salt)
        return Array(function.finalize())
    }
}
