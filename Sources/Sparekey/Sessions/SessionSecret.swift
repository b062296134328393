import Crypto
import PasswordHashing

/// What a browser or a client holds of its session: 32 random bytes, shown as 64 hexadecimal digits (SEC-5).
///
/// The store keeps SHA-256 of it only. A plain hash is enough, because 256 random bits cannot be guessed; and a look-up
/// by it compares the whole secret at once.
public struct SessionSecret: Sendable {
    private let secret: Password

    init(random: any RandomSource) {
        secret = Password(random.bytes(32))
    }

    /// - Parameter text: as ``shownOnce`` wrote it; nil for anything else.
    public init?(text: some StringProtocol) {
        guard text.utf8.count == 64, let bytes = [UInt8](hexadecimal: text) else { return nil }
        secret = Password(bytes)
    }

    /// 64 lower-case hexadecimal digits, for the answer to the sign-in.
    public var shownOnce: String {
        secret.withUnsafeBytes { Array($0).hexadecimal }
    }

    /// SHA-256, 32 bytes.
    public var hash: [UInt8] {
        secret.withUnsafeBytes { bytes in
            var sha = SHA256()
            sha.update(bufferPointer: bytes)
            return Array(sha.finalize())
        }
    }
}
