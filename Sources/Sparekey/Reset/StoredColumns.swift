/// One value as a directory holds it.
public enum StoredValue: Sendable, Hashable, Codable {
    case null
    case integer(Int64)
    /// Only in apps: no own column is real.
    case real(Double)
    case text(String)
    case bytes([UInt8])

    /// nil for every other kind.
    public var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }
}

/// The columns of one account that a reset replaces, by name.
///
/// The same shape serves every directory: what was read is the condition of the update, what is written is the reset,
/// and the two swapped are its undo. In the own directory the names are those of ``OwnColumn``.
public struct StoredColumns: Sendable, Equatable, Codable {
    public var values: [String: StoredValue]

    public init(_ values: [String: StoredValue] = [:]) {
        self.values = values
    }

    public subscript(column: String) -> StoredValue {
        values[column] ?? .null
    }

    /// Whether both hold the same in `columns`; one that is missing counts as null.
    public func agrees(with other: StoredColumns, in columns: Set<String>) -> Bool {
        columns.allSatisfy { self[$0] == other[$0] }
    }
}

/// The credential columns of the own directory.
public enum OwnColumn {
    /// PHC or crypt(3) string of the login password; the documented column that an operator may write by SQL (LST-5).
    public static let passwordHash = "password_hash"
    /// ``InstanceKey/witness(of:account:)`` of that string.
    public static let passwordMark = "password_mark"
    /// 0 or 1 (PMX-2).
    public static let requireChange = "require_password_change"
    /// Microseconds UTC, or null (SEC-9).
    public static let expiresAt = "password_expires_at"
    /// HMAC-SHA-256 of the sync key under the `sync` sub-key, or null where sync is off (FLF-1).
    public static let syncKeyMAC = "sync_key_mac"
    /// PBKDF2 of the password, or null where sync is off.
    public static let syncPBKDF2 = "sync_pbkdf2"

    public static let all = [passwordHash, passwordMark, requireChange, expiresAt, syncKeyMAC, syncPBKDF2]
}
