/// What a rotation of the instance key concerns, counted before it or by it.
public struct KeyRotationReport: Sendable, Hashable {
    /// Passwords whose mark is made anew: those that Sparekey itself wrote.
    public var marks = 0
    /// Passwords that were changed outside Sparekey; `doctor` goes on saying so.
    public var foreignMarks = 0
    /// Resets that can still be undone, whose old values are sealed anew.
    public var seals = 0
    /// Sealed values that did not open under the old key; they are gone.
    public var lostSeals = 0
    /// One-time tokens and codes that no longer work.
    public var proofs = 0
    /// Accounts without a sync key until the next entry of their password.
    public var syncKeys = 0

    public init() {}
}

/// Puts everything that a directory keeps under one instance key under another (SEC-13).
public protocol KeyRotator: Sendable {
    /// What ``rotate(to:audit:)`` would concern. Changes nothing.
    func rotationPreview() async throws -> KeyRotationReport

    /// One transaction: seals and marks under the new key, tokens and codes void, a new epoch of the audit trail, and the
    /// new key's check value. Whoever still holds the old key writes nothing afterwards.
    ///
    /// The store of the old key is not used after it.
    func rotate(to next: InstanceKey, audit: AuditEvent) async throws -> KeyRotationReport
}

extension StoredColumns {
    /// The same credentials under another instance key: a mark that was right is made anew, a foreign one stays foreign,
    /// and sync keys, of which only a keyed hash is known, are gone.
    public func rekeyed(account: String, from old: InstanceKey, to next: InstanceKey) -> StoredColumns {
        var columns = self
        if case .text(let hash) = self[OwnColumn.passwordHash],
            self[OwnColumn.passwordMark] == .bytes(old.witness(of: hash, account: account))
        {
            columns.values[OwnColumn.passwordMark] = .bytes(next.witness(of: hash, account: account))
        }
        columns.values[OwnColumn.syncKeyMAC] = .null
        columns.values[OwnColumn.syncPBKDF2] = .null
        return columns
    }
}
