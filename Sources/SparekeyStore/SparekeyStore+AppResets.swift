public import Sparekey
import SparekeySQL

/// The journal of resets in apps: what is written here follows what the app's own database holds.
extension SparekeyStore: AppResetJournal {
    public func finish(_ number: Int64, at now: Timestamp) async throws -> Int64 {
        try await database.transaction(.write) { connection in
            guard let row = try Self.journalRow(number, connection) else { throw Self.gone(number) }
            // A crash after this transaction leaves nothing to do twice.
            if try row.text("state") == "done" { return try row.integer("sequence") }
            guard try row.text("state") == "prepared", let draft = try row.optionalText("draft") else {
                throw Self.gone(number)
            }
            try appendAudit(row: draft, connection)
            let sequence = try Self.next("sequence", connection)
            try connection.execute(
                """
                UPDATE reset SET state = 'done', sequence = \(sequence), settled_at = \(now.microseconds), draft = NULL
                WHERE number = \(number)
                """)
            guard let app = try Self.app(row) else { throw Self.gone(number) }
            try concludeProofs(of: number, accountID: try row.text("account_id"), app: app, at: now, connection)
            try dropSealsAfter(number, row, connection)
            return sequence
        }
    }

    public func finishEnded(_ prepared: PreparedReset) async throws -> Int64 {
        let (number, plan) = (prepared.number, prepared.plan)
        let sealed = try SealedColumns(plan, seal: seal)
        return try await database.transaction(.write) { connection in
            guard let row = try Self.journalRow(number, connection) else { throw Self.gone(number) }
            // As above: the answer to a first attempt may have been lost.
            if try row.text("state") == "done" { return try row.integer("sequence") }
            try appendAudit(plan.audit, connection)
            let sequence = try Self.next("sequence", connection)
            try connection.execute(
                """
                UPDATE reset SET state = 'done', unclear = 0, sequence = \(sequence), settled_at = \(plan.at.microseconds),
                  sealed_old = \(sealed.old), sealed_new = \(sealed.new), undo_until = \((plan.undoUntil?.microseconds).sqlValue),
                  draft = NULL
                WHERE number = \(number)
                """)
            guard let ended = try Self.journalRow(number, connection), let app = try Self.app(ended) else {
                throw Self.gone(number)
            }
            try concludeProofs(of: number, accountID: plan.account.id, app: app, at: plan.at, connection)
            try dropSealsAfter(number, ended, connection)
            return sequence
        }
    }

    public func drop(_ number: Int64, at now: Timestamp) async throws {
        try await database.transaction(.write) { connection in
            guard try Self.abandon(number: number, now: now, connection) == 1 else { return }
            try Self.releaseProofs(of: number, connection)
        }
    }

    public func markUnclear(_ reset: UnfinishedReset, at now: Timestamp) async throws {
        try await database.transaction(.write) { connection in
            let changed = try connection.execute(
                """
                UPDATE reset SET state = 'abandoned', unclear = 1, settled_at = \(now.microseconds), sealed_old = NULL,
                  sealed_new = NULL, undo_until = NULL, draft = NULL
                WHERE number = \(reset.number) AND state = 'prepared'
                """)
            guard changed == 1 else { return }
            try Self.voidProofs(of: reset.number, at: now, connection)
            try appendAudit(
                AuditEvent(
                    .resetUnclear, actor: .server, at: now, accountID: reset.accountID, username: reset.username,
                    app: reset.app.name),
                connection)
        }
    }

    public func unfinishedInApps() async throws -> [UnfinishedReset] {
        let rows = try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT number, lock_number, app, profile, place, account_id, username, prepared_at FROM reset
                WHERE state = 'prepared' AND app IS NOT NULL ORDER BY number LIMIT 1000
                """)
        }
        var found: [UnfinishedReset] = []
        for row in rows {
            guard let lock = try await database.lock(try row.integer("lock_number")) else { continue }
            do {
                if let reset = try await unfinished(row, lock) { found.append(reset) } else { await lock.release() }
            } catch {
                await lock.release()
                for reset in found { await reset.release() }
                throw error
            }
        }
        return found
    }

    /// Nil where its owner ended it between the look and the lock.
    private func unfinished(_ row: SQLRow, _ lock: any SQLLock) async throws -> UnfinishedReset? {
        let number = try row.integer("number")
        guard try await record(number)?.state == .prepared, let app = try Self.app(row),
            let sealed = try await sealedColumns(of: number)
        else { return nil }
        return UnfinishedReset(
            number: number, app: app, accountID: try row.text("account_id"), username: try row.text("username"),
            old: sealed.old, new: sealed.new, at: Timestamp(microseconds: try row.integer("prepared_at"))
        ) { await lock.release() }
    }

    private func dropSealsAfter(_ number: Int64, _ row: SQLRow, _ connection: any SQLConnection) throws {
        if let undone = try row.optionalInteger("undoes") {
            try dropSeals("number IN (\(number), \(undone))", connection)
        } else if try row.optionalInteger("undo_until") == nil {
            // Nothing is to be put back for this account, by no way round over earlier resets either.
            try dropSeals(
                """
                account_id = \(try row.text("account_id")) AND app = \(try row.text("app"))
                AND place = \(try row.text("place"))
                """, connection)
        }
    }

    private static func journalRow(_ number: Int64, _ connection: any SQLConnection) throws -> SQLRow? {
        let lock: SQLStatement = connection.dialect == .postgreSQL ? " FOR UPDATE" : ""
        return try connection.query(
            """
            SELECT state, sequence, draft, undoes, undo_until, account_id, app, profile, place FROM reset
            WHERE number = \(number)\(part: lock)
            """
        ).first
    }

    private static func gone(_ number: Int64) -> StoreError {
        StoreError(.damaged, reason: "reset \(number) is gone from the journal")
    }
}
