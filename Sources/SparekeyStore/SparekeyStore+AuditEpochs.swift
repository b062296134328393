public import Sparekey
import SparekeySQL

/// The anchor of a pruned trail, in `sparekey_meta`.
enum AuditMeta {
    static let anchor = "audit_anchor"
}

extension SparekeyStore {
    public func footing() async throws -> AuditFooting {
        let check = key.checkValue
        return try await database.transaction(.read) { connection in
            // Under another key every epoch would seem forged.
            guard try StoreSchema.meta("key_check", connection) == check else { throw StoreError.rotatedMeanwhile }
            return try Self.footing(connection)
        }
    }

    static func footing(_ connection: any SQLConnection) throws -> AuditFooting {
        let begun = try connection.query(
            """
            SELECT sequence FROM audit WHERE substr(row, 1, 23) = '{"action":"key.rotated"'
              OR substr(row, 1, 29) = '{"action":"instance.restored"' ORDER BY sequence LIMIT 10000
            """)
        return AuditFooting(
            epochs: try epochs(connection), anchor: try StoreSchema.meta(AuditMeta.anchor, connection),
            begun: begun.compactMap { try? $0.integer("sequence") })
    }

    static func epochs(_ connection: any SQLConnection) throws -> [StoredAuditEpoch] {
        // What has another type than ours opens nothing, and is seen for that.
        try connection.query("SELECT first, sealed_key FROM audit_epoch ORDER BY first LIMIT 10000").map { row in
            StoredAuditEpoch(
                first: (try? row.integer("first")) ?? 0, sealedKey: (try? row.blob("sealed_key")) ?? [])
        }
    }

    /// The newest row; nil in an empty trail.
    static func auditHead(_ connection: any SQLConnection) throws -> AuditHead? {
        try connection.query("SELECT sequence, mac FROM audit ORDER BY sequence DESC LIMIT 1").first.map {
            AuditHead(sequence: try $0.integer("sequence"), mac: try $0.blob("mac"))
        }
    }

    /// Begins an epoch of the trail with the row of `event`, which cites the head so far (SEC-13, SEC-17).
    ///
    /// What was sealed or authenticated for the trail under the store's key is so under `next` afterwards; what did not
    /// open stays, for `audit verify` to find.
    func beginEpoch(_ event: AuditEvent, under next: InstanceKey, _ connection: any SQLConnection) throws {
        let (seal, nextChain, nextSeal) = (seal, AuditChain(next), Seal(next))
        for epoch in try Self.epochs(connection) {
            guard let chain = AuditChain(sealed: epoch, seal) else { continue }
            let resealed = try chain.sealed(endingBefore: epoch.first, nextSeal)
            try connection.execute(
                "UPDATE audit_epoch SET sealed_key = \(resealed.sealedKey) WHERE first = \(epoch.first)")
        }
        let anchor = try StoreSchema.meta(AuditMeta.anchor, connection)
        if let anchor = anchor.flatMap({ AuditAnchor(sealed: $0, chain) }) {
            try StoreSchema.setMeta(AuditMeta.anchor, anchor.sealed(nextChain), connection)
        }
        var event = event
        if let head = try Self.auditHead(connection), !event.cites.contains(head) { event.cites.append(head) }
        let first = try appendAudit(event, under: nextChain, connection)
        let ended = try chain.sealed(endingBefore: first, nextSeal)
        try connection.execute(
            "INSERT INTO audit_epoch (first, sealed_key) VALUES (\(ended.first), \(ended.sealedKey))")
    }
}

extension SparekeyStore: AuditPruner {
    public func prune(_ pruning: AuditPruning, audit: AuditEvent) async throws {
        let (last, sealed) = (pruning.anchor.head, pruning.anchor.sealed(chain))
        try await database.transaction(.write) { connection in
            try appendAudit(audit, connection)
            let mac = try connection.query("SELECT mac FROM audit WHERE sequence = \(last.sequence)").first?["mac"]
            let removed = try connection.execute("DELETE FROM audit WHERE sequence <= \(last.sequence)")
            guard mac == .blob(last.mac), removed == pruning.rows else {
                throw RecoveryError(
                    .changedMeanwhile, reason: "the audit trail was changed meanwhile",
                    hint: "nothing was removed; try it again")
            }
            try connection.execute("DELETE FROM audit_epoch WHERE first <= \(last.sequence)")
            try StoreSchema.setMeta(AuditMeta.anchor, sealed, connection)
        }
    }
}
