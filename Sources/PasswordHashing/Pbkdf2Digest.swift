import CryptoExtras
import FoundationEssentials

/// The digests that PBKDF2 is used with, each with its floor. Costs `rounds` times two digests a block of key.
enum Pbkdf2Digest: String, Sendable {
    case sha1, sha256, sha512

    /// Bytes of the digest.
    var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// OWASP's figures.
    var floor: Int {
        switch self {
        case .sha1: 1_300_000
        case .sha256: 600_000
        case .sha512: 210_000
        }
    }

    var costShape: CostShape {
        let floor = floor
        return CostShape([.init("rounds", 1...5_000_000)], recommended: [floor], floor: { $0[0] >= floor })
    }

    private var function: KDF.Insecure.PBKDF2.HashFunction {
        switch self {
        case .sha1: .insecureSHA1
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }

    func derive(_ password: Password, salt: [UInt8], rounds: Int, length: Int) throws -> [UInt8] {
        do {
            let key = try password.withUnsafeBytes { bytes in
                // A buffer, not an array: no second copy of the password, and an address even when it is empty.
                try KDF.Insecure.PBKDF2.deriveKey(
                    from: bytes.bindMemory(to: UInt8.self), salt: salt, using: function, outputByteCount: length,
                    unsafeUncheckedRounds: rounds)
            }
            return key.withUnsafeBytes { Array($0) }
        } catch {
            throw HashError(.libraryFailed, "PBKDF2 could not be computed", cause: error)
        }
    }
}

/// The numbers and bytes that both spellings of PBKDF2 hold.
struct Pbkdf2Value {
    var rounds: Int
    var salt: [UInt8]
    var key: [UInt8]

    func check(scheme: String, digest: Pbkdf2Digest) throws {
        try digest.costShape.check([rounds], scheme: scheme)
        // 10 is the shortest key that RustCrypto accepts; a short one is guessed by chance sooner than the password.
        guard (1...64).contains(salt.count), (10...64).contains(key.count) else {
            throw HashError.outOfBounds(scheme, "a salt has 1 to 64 bytes and a key 10 to 64")
        }
        // Every further block of key costs all the rounds again.
        let blocks = (key.count + digest.length - 1) / digest.length
        guard rounds * blocks <= 5_000_000 else {
            throw HashError.outOfBounds(scheme, "\(rounds) rounds for each of \(blocks) blocks of key are too many")
        }
    }

    func parameters(scheme: String, cost: ([Int]) throws -> HashCost) throws -> HashParameters {
        HashParameters(
            scheme: scheme, cost: try cost([rounds]), saltLength: salt.count, keyLength: key.count,
            isOutdated: salt.count < 16 || key.count < 32)
    }

    func matches(_ password: Password, digest: Pbkdf2Digest) throws -> Bool {
        let computed = try digest.derive(password, salt: salt, rounds: rounds, length: key.count)
        return constantTimeEqual(computed, key)
    }
}
