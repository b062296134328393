/// ASP.NET Core Identity's version 3: base64 of a byte 1, the digest, rounds and length of salt as 32 bits each with the
/// high byte first, salt and key (dotnet/aspnetcore 31c080a1, src/Identity/Extensions.Core/src/PasswordHasher.cs).
///
/// Identity itself makes SHA-512, and made SHA-256 at first. It would read keys of any length from 16 bytes, but a key cut
/// short still matches, being a prefix: only its own 32 are read here.
struct AspNetIdentity: Pbkdf2Spelling {
    let digest: Pbkdf2Digest

    static let sha512 = SpelledPbkdf2("aspnet-identity-sha512", .sha512, AspNetIdentity(digest: .sha512))
    static let sha256 = SpelledPbkdf2("aspnet-identity-sha256", .sha256, AspNetIdentity(digest: .sha256))
    /// Verified only.
    static let sha1 = SpelledPbkdf2("aspnet-identity-sha1", .sha1, AspNetIdentity(digest: .sha1))

    var keyLength: Int { 32 }

    /// `KeyDerivationPrf`
    private var number: Int {
        switch digest {
        case .sha1: 0
        case .sha256: 1
        case .sha512: 2
        }
    }

    func read(_ stored: String) -> Pbkdf2Value? {
        guard let bytes = Base64Text.padded.decodeColumn(stored),
            bytes.count > 13, bytes[0] == 1, Self.number(bytes[1..<5]) == number
        else { return nil }
        let saltLength = Self.number(bytes[9..<13])
        guard saltLength >= 16, bytes.count - 13 - keyLength == saltLength else { return nil }
        let (salt, key) = (bytes.dropFirst(13).prefix(saltLength), bytes.dropFirst(13 + saltLength))
        return Pbkdf2Value(rounds: Self.number(bytes[5..<9]), salt: Array(salt), key: Array(key))
    }

    func write(_ value: Pbkdf2Value) -> String {
        let header = [number, value.rounds, value.salt.count].flatMap(Self.bytes)
        return Base64Text.padded.encode([1] + header + value.salt + value.key)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private static func bytes(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(number >> $0 & 0xff) } }
}

/// Identity's version 2, from before ASP.NET Core: base64 of a byte 0, 16 of salt and 32 of key, a thousand rounds with
/// SHA-1. Verified only: whatever reads it reads version 3.
struct AspNetIdentityV2: HashFormat {
    private static let rounds = 1000

    var name: String { "aspnet-identity-v2" }
    var canMake: Bool { false }
    var costShape: CostShape { CostShape([], recommended: [], floor: { _ in false }) }

    func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost([]), saltLength: value.salt.count, keyLength: value.key.count,
            isOutdated: true)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        try parse(stored).matches(password, digest: .sha1)
    }

    /// - Throws: `cannotMake`, always.
    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        throw HashError.onlyVerified(name)
    }

    private func parse(_ stored: String) throws -> Pbkdf2Value {
        guard let bytes = Base64Text.padded.decodeColumn(stored),
            bytes.count == 49, bytes[0] == 0
        else { throw HashError.malformed(name) }
        return Pbkdf2Value(rounds: Self.rounds, salt: Array(bytes[1..<17]), key: Array(bytes[17...]))
    }
}
