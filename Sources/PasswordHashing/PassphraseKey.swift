/// Turns a passphrase into a key: argon2id, version 19, one lane (RFC 9106).
public struct PassphraseKey: Sendable, Hashable, Codable {
    /// KiB of memory.
    public let memory: Int
    public let passes: Int
    /// 16 random bytes.
    public let salt: [UInt8]

    /// RFC 9106's second recommendation, 64 MiB and 3 passes: about a quarter of a second.
    public init(salt: [UInt8], memory: Int = 65_536, passes: Int = 3) {
        self.memory = memory
        self.passes = passes
        self.salt = salt
    }

    /// 32 bytes, which are the caller's to wipe.
    ///
    /// - Throws: ``HashError`` `outOfBounds` for numbers that a foreign file could ask for, `outOfMemory`.
    public func derive(from passphrase: Password) throws -> [UInt8] {
        guard (8...262_144).contains(memory), (1...16).contains(passes), salt.count == 16 else {
            throw HashError.outOfBounds("argon2id", "a key takes at most 256 MiB, 16 passes and a salt of 16 bytes")
        }
        return try Argon2Derivation(
            kind: .id, version: 19, memory: memory, passes: passes, lanes: 1, salt: salt, tagLength: 32
        ).tag(of: passphrase)
    }
}
