public import PasswordHashing

/// Makes the stored values of a new password for an account of one directory.
public protocol CredentialMaker: Sendable {
    /// Costs hashing; run it where that hurts nobody.
    ///
    /// - Parameters:
    ///   - old: what is stored now. A program's format, prefix and cost are kept by it; the own directory ignores it.
    ///   - requireChange: whether the password is to be changed at the next sign-in, where the directory can say so.
    /// - Returns: every column that changes. Each value was proved to accept the password.
    /// - Throws: ``RecoveryError`` `notVerified`, or what hashing throws.
    func callAsFunction(
        _ password: Password, account: Account, replacing old: StoredColumns, requireChange: Bool, expiresAt: Timestamp?
    ) async throws -> StoredColumns
}

/// Turns a password into every stored value that derives from it (FLF-1), and proves each before anything is written.
public struct MakeCredentials: CredentialMaker {
    private let hasher: any PasswordHasher
    private let key: InstanceKey
    private let syncKeys: Bool

    public init(hasher: any PasswordHasher, key: InstanceKey, syncKeys: Bool) {
        self.hasher = hasher
        self.key = key
        self.syncKeys = syncKeys
    }

    /// - Parameters:
    ///   - password: in Unicode's NFC form.
    ///   - account: whose id and stored username are bound into the values.
    /// - Returns: every column of ``OwnColumn``; with `sync_keys` off the sync columns are null, so that an older sync
    ///   credential cannot outlive the password it came from.
    /// - Throws: ``RecoveryError`` `notVerified` when a value just made does not accept its own password.
    public func callAsFunction(
        _ password: Password, account: Account, requireChange: Bool, expiresAt: Timestamp?
    ) async throws -> StoredColumns {
        let hash = try await hasher.make(password)
        try await prove(password, against: hash)
        var columns = StoredColumns([
            OwnColumn.passwordHash: .text(hash),
            OwnColumn.passwordMark: .bytes(key.witness(of: hash, account: account.id)),
            OwnColumn.requireChange: .integer(requireChange ? 1 : 0),
            OwnColumn.expiresAt: expiresAt.map { .integer($0.microseconds) } ?? .null,
            OwnColumn.syncKeyMAC: .null,
            OwnColumn.syncPBKDF2: .null,
        ])
        if syncKeys {
            columns.values[OwnColumn.syncKeyMAC] = .bytes(
                SyncKey(username: account.username, password: password).mac(key))
            let pbkdf2 = try await hasher.makePBKDF2(password)
            try await prove(password, against: pbkdf2)
            columns.values[OwnColumn.syncPBKDF2] = .text(pbkdf2)
        }
        return columns
    }

    public func callAsFunction(
        _ password: Password, account: Account, replacing old: StoredColumns, requireChange: Bool, expiresAt: Timestamp?
    ) async throws -> StoredColumns {
        try await self(password, account: account, requireChange: requireChange, expiresAt: expiresAt)
    }

    /// A hash that does not accept its password must never be stored; a second run of the primitive is the price.
    private func prove(_ password: Password, against hash: String) async throws {
        guard try await hasher.verify(password, against: hash) else {
            throw RecoveryError(.notVerified, reason: "the new hash does not accept its own password")
        }
    }
}
