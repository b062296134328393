/// What a pruning would remove.
public struct AuditPruning: Sendable, Hashable {
    /// What would stand for the removed rows.
    public let anchor: AuditAnchor
    /// How many rows this pruning removes.
    public let rows: Int64
    /// How many stay, the row about the pruning not counted.
    public let kept: Int64
    /// When the last of the removed ones was written.
    public let latest: Timestamp

    public init(anchor: AuditAnchor, rows: Int64, kept: Int64, latest: Timestamp) {
        self.anchor = anchor
        self.rows = rows
        self.kept = kept
        self.latest = latest
    }
}

/// Removes the oldest rows of the trail and leaves an anchor, in one transaction with the row that records it.
public protocol AuditPruner: Sendable {
    /// - Throws: ``RecoveryError`` `changedMeanwhile` when the rows are no longer those that the pruning was planned for.
    func prune(_ pruning: AuditPruning, audit: AuditEvent) async throws
}

extension RecoveryError.Code {
    /// The audit trail does not hold, so that nothing of it is removed.
    public static let auditInvalid = RecoveryError.Code("auditInvalid")
}

/// Removes audit rows that are older than they need to be kept (SEC-10). A trail that does not hold is left as it is: it is
/// the evidence.
public struct PruneAuditTrail: Sendable {
    private let trail: any AuditTrail
    private let pruner: any AuditPruner
    private let verify: VerifyAuditTrail
    private let clock: any WallClock

    public init(trail: any AuditTrail, pruner: any AuditPruner, verify: VerifyAuditTrail, clock: any WallClock) {
        self.trail = trail
        self.pruner = pruner
        self.verify = verify
        self.clock = clock
    }

    /// What there is to remove: the rows from the oldest on that were written before `limit`. The newest row always stays.
    ///
    /// Reads the whole trail to verify it.
    ///
    /// - Returns: nil when there is nothing.
    public func plan(before limit: Timestamp) async throws -> AuditPruning? {
        let verdict = try await verify()
        guard verdict.isValid, let head = verdict.head else {
            throw RecoveryError(
                .auditInvalid, reason: "the audit trail does not hold, and nothing of it is removed",
                hint: "sparekey audit verify says what is wrong; keep a copy of the database as evidence")
        }
        // A head that lags is not left behind on removed rows.
        let end = min(head.sequence - 1, verdict.kept?.sequence ?? .max)
        guard let last = try await last(before: limit, upTo: end), let number = last.row.sequence,
            let mac = last.row.mac, let origin = verdict.origin
        else { return nil }
        return AuditPruning(
            anchor: AuditAnchor(
                head: AuditHead(sequence: number, mac: mac), origin: origin, at: clock.now),
            rows: number - (verdict.pruned?.rows ?? 0), kept: head.sequence - number, latest: last.at)
    }

    /// Does what ``plan(before:)`` showed.
    public func callAsFunction(_ pruning: AuditPruning, actor: Actor, reason: String?) async throws {
        let audit = AuditEvent(
            .auditPruned, actor: actor, at: pruning.anchor.at, account: nil, proof: Proof.operatorShell.kind,
            reason: reason, cites: [pruning.anchor.head])
        try await pruner.prune(pruning, audit: audit)
    }

    private func last(before limit: Timestamp, upTo end: Int64) async throws -> (row: AuditRow, at: Timestamp)? {
        var found: (row: AuditRow, at: Timestamp)?
        while true {
            let rows = try await trail.rows(after: found?.row.sequence, limit: VerifyAuditTrail.pageSize).rows
            for row in rows {
                guard let sequence = row.sequence, sequence <= end, let at = try AuditRecord(row).at, at < limit
                else { return found }
                found = (row, at)
            }
            guard rows.count == VerifyAuditTrail.pageSize else { return found }
        }
    }
}
