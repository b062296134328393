/// Something that concerned an account's security, for its owner to see (PAL-4).
public struct SecurityEvent: Sendable, Hashable {
    public let action: AuditEvent.Action
    public let at: Timestamp
    /// ``Proof/kind`` of a reset.
    public let proof: String?
    public let address: String?
}

/// What happened to an account lately, for its owner.
///
/// Resets come from the journal, by its index: one that the owner does not know of is never missed, however busy the
/// instance is. The rest is what the newest rows of the audit trail tell.
public struct RecentSecurityEvents: Sendable {
    private let trail: any AuditTrail
    private let journal: any ResetJournal

    public init(trail: any AuditTrail, journal: any ResetJournal) {
        self.trail = trail
        self.journal = journal
    }

    /// Reads one page of the trail, 1,000 rows, and as many rows of the journal as are asked for.
    ///
    /// - Returns: newest first.
    public func callAsFunction(of account: Account, limit: Int) async throws -> [SecurityEvent] {
        let resets = try await journal.records(of: account, limit: limit).filter { $0.state == .done }.map(Self.event)
        let rows = try await trail.rows(before: nil, limit: VerifyAuditTrail.pageSize).rows
        let others = try rows.lazy.filter { $0.text?.contains(account.id) == true }.map(AuditRecord.init)
            .compactMap { Self.event($0, account) }.prefix(limit)
        return Array((resets + others).sorted { $0.at > $1.at }.prefix(limit))
    }

    private static func event(_ reset: ResetRecord) -> SecurityEvent {
        let action: AuditEvent.Action =
            if reset.undoes != nil {
                .resetUndone
            } else if reset.proof == Proof.currentPassword.kind {
                .passwordChanged
            } else {
                .passwordReset
            }
        return SecurityEvent(action: action, at: reset.at, proof: reset.proof, address: nil)
    }

    private static func event(_ record: AuditRecord, _ account: Account) -> SecurityEvent? {
        guard record.accountID == account.id, let at = record.at,
            let action = record.action.flatMap(AuditEvent.Action.init(rawValue:)), shown.contains(action)
        else { return nil }
        return SecurityEvent(action: action, at: at, proof: record.proof, address: record.address)
    }

    /// What the journal does not hold.
    private static let shown: Set<AuditEvent.Action> = [
        .signedIn, .signInRefused, .signedOut, .tokenIssued, .codeIssued, .codeRevealed, .accountChanged,
        .accountDisabled, .accountEnabled, .accountUnlocked, .changeRequired,
    ]
}
