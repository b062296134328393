import Crypto

/// Apache's variety of md5-crypt: `$apr1$<salt>$<hash>`, a salt of at most eight characters, a thousand rounds
/// (`apr_md5_encode` in apr_md5.c of apr-util 1.6). Verified only: whatever reads it reads bcrypt.
struct Apr1: HashFormat {
    private static let prefix = "$apr1$"

    var name: String { "apr1" }
    var canMake: Bool { false }
    var costShape: CostShape { CostShape([], recommended: [], floor: { _ in false }) }

    func parameters(of stored: String) throws -> HashParameters {
        HashParameters(
            scheme: name, cost: try cost([]), saltLength: try parse(stored).salt.count, keyLength: 16, isOutdated: true)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        // Apache hands the password over as a C string.
        guard password.withUnsafeBytes({ !$0.contains(0) }) else {
            throw HashError(.passwordContainsNUL, "\(name) cannot hold a NUL byte")
        }
        guard password.count <= XCrypt.passwordLimit else {
            throw HashError.passwordTooLong(name, limit: XCrypt.passwordLimit)
        }
        let digest = password.withUnsafeBytes { Self.digest($0, salt: value.salt) }
        return constantTimeEqual(digest, value.digest)
    }

    /// - Throws: `cannotMake`, always.
    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        throw HashError.onlyVerified(name)
    }

    private func parse(_ stored: String) throws -> (salt: [UInt8], digest: [UInt8]) {
        guard var text = StoredText(stored), text.take(Self.prefix), let salt = text.field(), salt.count <= 8,
            XCrypt.accepts(salt: salt), text.take("$"), let hash = text.lastField(), hash.count == 22,
            let digest = Self.unscrambled(hash)
        else { throw HashError.malformed(name) }
        return (salt, digest)
    }

    /// md5-crypt's order of the digest's bytes in its text: five groups of three, the last byte alone.
    private static let order = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11]

    private static func unscrambled(_ hash: [UInt8]) -> [UInt8]? {
        let alphabet = CryptAlphabet.standard
        guard alphabet.isCanonicalLowFirst(hash, bits: 128), let bytes = alphabet.decodeLowFirst(hash) else {
            return nil
        }
        var digest = [UInt8](repeating: 0, count: 16)
        for (place, byte) in zip(order, bytes) { digest[place] = byte }
        return digest
    }

    private static func digest(_ password: UnsafeRawBufferPointer, salt: [UInt8]) -> [UInt8] {
        var digest = start(password, salt: salt)
        for round in 0..<1000 {
            var md5 = Insecure.MD5()
            if round % 2 == 1 { md5.update(bufferPointer: password) } else { md5.update(data: digest) }
            if round % 3 != 0 { md5.update(data: salt) }
            if round % 7 != 0 { md5.update(bufferPointer: password) }
            if round % 2 == 1 { md5.update(data: digest) } else { md5.update(bufferPointer: password) }
            digest = Array(md5.finalize())
        }
        return digest
    }

    private static func start(_ password: UnsafeRawBufferPointer, salt: [UInt8]) -> [UInt8] {
        var other = Insecure.MD5()
        other.update(bufferPointer: password)
        other.update(data: salt)
        other.update(bufferPointer: password)
        let stretched = Array(other.finalize())

        var md5 = Insecure.MD5()
        md5.update(bufferPointer: password)
        md5.update(data: Array(prefix.utf8) + salt)
        for start in stride(from: 0, to: password.count, by: 16) {
            md5.update(data: stretched.prefix(min(16, password.count - start)))
        }
        // For each bit of the length a NUL, or the first byte of the password.
        var bits = password.count
        while bits > 0 {
            md5.update(data: bits & 1 == 1 ? [0] : [password[0]])
            bits >>= 1
        }
        return Array(md5.finalize())
    }
}
