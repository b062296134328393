import Crypto
public import Foundation

/// Seals what must be read back later (SEC-13): AES-256-GCM under the `seal` sub-key, bound to the row it rests in.
///
/// Form: 12-byte nonce ‖ ciphertext ‖ 16-byte tag. A sealed value that is copied into another row does not open.
public struct Seal: Sendable {
    private let key: SymmetricKey

    public init(_ key: InstanceKey) {
        self.key = key.subKey(.seal)
    }

    /// - Parameter row: names the table, the row and the column, as in `reset/4f…/old`.
    public func seal(_ plain: Data, for row: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(plain, using: key, authenticating: Array(row.utf8))
        guard let combined = box.combined else {
            preconditionFailure("a box with the default nonce always has a combined form")
        }
        return Array(combined)
    }

    /// - Throws: ``RecoveryError`` with code `unsealable` when the bytes were changed, moved, or sealed under another key.
    public func open(_ sealed: [UInt8], for row: String) throws -> Data {
        do {
            return try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Array(row.utf8))
        } catch {
            throw RecoveryError(
                .unsealable, reason: "a sealed value does not open with this instance key", cause: error)
        }
    }
}
