public import Sparekey
import SparekeySQL

/// What a move took along of one table.
public struct MovedRows: Sendable {
    public let table: String
    public let rows: Int
}

extension SparekeyStore {
    /// Copies every row into `target`, which was prepared, and proves that they are there: the same number with the same
    /// content, table by table, and the same verdict on the audit trail.
    ///
    /// Nobody else may have this store's database open. Costs memory for a thousand rows.
    ///
    /// - Parameter progress: told how many of all rows were copied or read back.
    /// - Throws: ``StoreError`` `damaged` where what arrived is not what left.
    public func copyAll(
        to target: MoveTarget, progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void
    ) async throws -> [MovedRows] {
        let counts = try await driver.transaction(.read) { connection in
            try MovedTable.all.map { try $0.count(connection) }
        }
        let all = 2 * counts.reduce(0, +)
        var done = 0
        var moved: [MovedRows] = []
        for (table, count) in zip(MovedTable.all, counts) {
            func note(_ rows: Int) {
                done += rows
                progress(done, all)
            }
            let left = try await copy(table, to: target, note)
            // SQLite takes NULL in a primary key; nothing of ours writes it, and no page holds it.
            guard left.rows == count else {
                throw StoreError(.damaged, reason: "the table \(table.name) holds rows without a key")
            }
            guard try await target.digest(of: table, note) == left else {
                throw StoreError(.damaged, reason: "what arrived of the table \(table.name) is not what left")
            }
            moved.append(MovedRows(table: table.name, rows: count))
        }
        try await requireSameTrail(in: target)
        return moved
    }

    /// From now on the accounts are where `mark` says, and this database opens for nobody.
    public func leave(_ mark: MoveMark) async throws {
        _ = try await driver.transaction(.write) { connection in
            try StoreSchema.setMeta(MoveMark.left, "\(mark.id) \(mark.place)", connection)
        }
    }

    /// Takes the accounts of this database up again as they were when they left: as after a restore nothing stands for a
    /// password but the password itself, and the audit trail begins an epoch.
    public func comeBack(_ audit: AuditEvent) async throws -> VoidedByRestore {
        let voided = try await becomeRestored(audit)
        _ = try await driver.transaction(.write) { connection in
            try connection.execute("DELETE FROM sparekey_meta WHERE name = \(MoveMark.left)")
        }
        return voided
    }

    private func copy(
        _ table: MovedTable, to target: MoveTarget, _ progress: (Int) -> Void
    ) async throws -> TableDigest {
        var (digest, last) = (TableDigest(), SQLValue?.none)
        while true {
            let after = last
            let rows = try await driver.transaction(.read) { try table.page(after: after, $0) }
            try await target.database.transaction(.write) { try table.insert(rows, $0) }
            for row in rows { digest.add(row) }
            progress(rows.count)
            guard rows.count == MovedTable.pageSize, let row = rows.last else { return digest }
            last = row[table.key]
        }
    }

    private func requireSameTrail(in target: MoveTarget) async throws {
        let arrived = try await SparekeyStore.open(
            target.database, key: key, mayCreate: false, random: random, heads: heads.keeper,
            whereverAccountsAre: true)
        let (before, after) = (try await verifyAuditTrail(), try await arrived.verifyAuditTrail())
        guard before.head == after.head, before.rows == after.rows, before.isValid == after.isValid else {
            throw StoreError(.damaged, reason: "the audit trail that arrived is not the one that left")
        }
    }
}
