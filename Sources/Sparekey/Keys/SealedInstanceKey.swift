import Crypto
import Foundation
public import PasswordHashing

/// The instance key under a passphrase, as a backup holds it (SEC-17): AES-256-GCM under an argon2id key.
public struct SealedInstanceKey: Sendable, Codable {
    private static let label = Array("sparekey/1/backup key".utf8)

    /// How the passphrase becomes the key.
    public let derivation: PassphraseKey
    /// 12-byte nonce ‖ ciphertext ‖ 16-byte tag.
    public let sealed: [UInt8]

    /// Costs about a quarter of a second and 64 MiB.
    public init(_ key: InstanceKey, passphrase: Password, random: any RandomSource) throws {
        derivation = PassphraseKey(salt: random.bytes(16))
        let plain = key.key.withUnsafeBytes { Data($0) }
        let box = try AES.GCM.seal(plain, using: try Self.key(derivation, passphrase), authenticating: Self.label)
        guard let combined = box.combined else {
            preconditionFailure("a box with the default nonce always has a combined form")
        }
        sealed = Array(combined)
    }

    /// Reads what ``text`` wrote.
    public init(text: String) throws {
        self = try JSONDecoder().decode(SealedInstanceKey.self, from: Data(text.utf8))
    }

    /// One line of JSON.
    public var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// - Throws: ``RecoveryError`` `unsealable` for another passphrase, or a value that was changed.
    public func open(passphrase: Password) throws -> InstanceKey {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            let plain = try AES.GCM.open(
                box, using: Self.key(derivation, passphrase), authenticating: Self.label)
            if let key = InstanceKey(Array(plain)) { return key }
        } catch is CryptoKitError {
            // Said below, as for a key of another length.
        }
        throw RecoveryError(.unsealable, reason: "the passphrase does not open the backup's key")
    }

    private static func key(_ derivation: PassphraseKey, _ passphrase: Password) throws -> SymmetricKey {
        var bytes = try derivation.derive(from: passphrase)
        defer { for index in bytes.indices { bytes[index] = 0 } }
        return SymmetricKey(data: bytes)
    }
}
