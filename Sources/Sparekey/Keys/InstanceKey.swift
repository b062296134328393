public import Crypto

/// What a sub-key is for: its label in HKDF. A label is never given a second meaning.
public enum KeyPurpose: String, Sendable, CaseIterable {
    case token, code, seal, sync, audit, csrf, refresh
    /// Shows which key a database belongs to.
    case check
    /// Marks the password hashes that Sparekey itself wrote.
    case witness
    /// Finds the counters of tries, and stands for a typed name in the audit trail.
    case throttle
    /// Marks a browser that somebody signed in with before.
    case device
}

/// The instance's one 32-byte key (SEC-13). Everything that must be keyed uses a sub-key of it (HKDF-SHA-256, RFC 5869).
///
/// It is not printable and not `Codable`: the file in the data folder is its only form outside the process.
public struct InstanceKey: Sendable, CustomStringConvertible {
    /// Bytes in a key.
    public static let length = 32

    let key: SymmetricKey
    /// Derived once: a request needs several, and deriving one costs more than using it.
    private let subKeys: [KeyPurpose: SymmetricKey]

    /// - Parameter bytes: exactly ``length`` bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        let key = SymmetricKey(data: bytes)
        self.key = key
        subKeys = KeyPurpose.allCases.reduce(into: [:]) { $0[$1] = Self.derive($1, from: key) }
    }

    /// The sub-key for one purpose, 32 bytes.
    public func subKey(_ purpose: KeyPurpose) -> SymmetricKey {
        subKeys[purpose] ?? Self.derive(purpose, from: key)
    }

    private static func derive(_ purpose: KeyPurpose, from key: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Array("sparekey/1/\(purpose.rawValue)".utf8), outputByteCount: 32)
    }

    /// Lends the key as 64 hexadecimal digits, for its file, and wipes them afterwards.
    public func withHexadecimal<Value>(_ body: ([UInt8]) throws -> Value) rethrows -> Value {
        let digits = Array("0123456789abcdef".utf8)
        var text = key.withUnsafeBytes { bytes in
            bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        }
        defer { for index in text.indices { text[index] = 0 } }
        return try body(text)
    }

    /// HMAC-SHA-256 under the sub-key for `purpose`: 32 bytes.
    public func authenticate(_ message: some Sequence<UInt8>, for purpose: KeyPurpose) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(message), using: subKey(purpose)))
    }

    /// What a database keeps to know its key again, in hexadecimal. It tells nothing about the key.
    public var checkValue: String {
        authenticate(Array("instance key".utf8), for: .check).hexadecimal
    }

    /// The mark beside a password hash that Sparekey wrote: bound to the account, so that a hash that was written by
    /// hand or copied from another account is seen by `doctor`.
    public func witness(of passwordHash: String, account: String) -> [UInt8] {
        authenticate(Array("\(account)\u{0}\(passwordHash)".utf8), for: .witness)
    }

    public var description: String { "<instance key>" }
}
