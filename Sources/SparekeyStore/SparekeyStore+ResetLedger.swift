import Foundation
public import Sparekey
import SparekeySQL

extension SparekeyStore: ResetLedger {
    public func prepare(_ plan: ResetPlan) async throws -> PreparedReset {
        let sealed = try SealedColumns(plan, seal: seal)
        // Whoever finishes a reset that was cut off did not see who began it.
        let draft = plan.app.map { _ in plan.audit.row }
        // The lock comes before the row: a row that can be seen is either locked by its owner or left by a crash.
        let (lock, lockNumber) = try await freeLock()
        do {
            let number = try await database.transaction(.write) { connection in
                let number = try Self.next("reset", connection)
                try connection.execute(
                    """
                    INSERT INTO reset (number, id, lock_number, state, app, profile, place, draft, account_id, username, proof,
                      reason, sealed_old, sealed_new, undo_until, undoes, prepared_at)
                    VALUES (\(number), \(plan.id), \(lockNumber), 'prepared', \((plan.app?.name).sqlValue),
                      \((plan.app?.profile).sqlValue), \((plan.app?.database).sqlValue), \(draft.sqlValue), \(plan.account.id),
                      \(plan.account.username), \(plan.proof.kind), \(plan.audit.reason.sqlValue), \(sealed.old), \(sealed.new),
                      \((plan.undoUntil?.microseconds).sqlValue), \(plan.undoes.sqlValue),
                      \(plan.at.microseconds))
                    """)
                try reserve(plan, for: number, connection)
                return number
            }
            return PreparedReset(plan: plan, number: number) { await lock.release() }
        } catch {
            await lock.release()
            throw error
        }
    }

    public func commit(_ prepared: PreparedReset) async throws -> CommitOutcome {
        var isUnknown = false
        for attempt in 0..<Self.commitAttempts {
            do {
                return .done(sequence: try await commitOnce(prepared))
            } catch is ChangedMeanwhile {
                return .changedMeanwhile
            } catch let error as SQLError where isUnknown || error.code == .connectionLost {
                // Whether it was committed is unknown until the journal can be read again, whatever stops that.
                isUnknown = true
                try await Task.sleep(for: .milliseconds(100 << min(attempt, 4)))
            }
        }
        throw RecoveryError(
            .unclear, reason: "the database went away while reset \(prepared.number) was being written",
            hint: "either the old or the new password works, never a mixture; run the reset again once it is back")
    }

    public func abandon(_ prepared: PreparedReset) async throws {
        try await abandon(number: prepared.number, now: prepared.plan.at)
    }

    @discardableResult
    public func settle(now: Timestamp) async throws -> Int {
        let (left, hasOverdue) = try await database.transaction(.read) { connection in
            let rows = try connection.query(
                """
                SELECT number, lock_number FROM reset WHERE state = 'prepared' AND app IS NULL
                ORDER BY number LIMIT 1000
                """)
            let overdue = try connection.query(
                """
                SELECT number FROM reset WHERE sealed_old IS NOT NULL AND undo_until <= \(now.microseconds) LIMIT 1
                """)
            return (
                try rows.map { (number: try $0.integer("number"), lock: try $0.integer("lock_number")) },
                !overdue.isEmpty
            )
        }
        var settled = 0
        for row in left {
            guard let lock = try await database.lock(row.lock) else { continue }
            // For the own directory a row that is still prepared was never applied: apply and done are one transaction.
            let changed = try await abandon(number: row.number, now: now)
            await lock.release()
            settled += changed
        }
        if hasOverdue { try await dropOverdueSeals(now: now) }
        return settled
    }

    private static var commitAttempts: Int { 8 }

    private func commitOnce(_ prepared: PreparedReset) async throws -> Int64 {
        let plan = prepared.plan
        return try await database.transaction(.write) { connection in
            // Locked before it is read: an earlier attempt of this commit may still be ending in another session.
            let lock: SQLStatement = connection.dialect == .postgreSQL ? " FOR UPDATE" : ""
            let rows = try connection.query("SELECT state, sequence FROM reset WHERE id = \(plan.id)\(part: lock)")
            guard let row = rows.first else {
                throw StoreError(.damaged, reason: "reset \(prepared.number) is gone from the journal")
            }
            switch try row.text("state") {
            case "done": return try row.integer("sequence")
            case "prepared": break
            default: throw ChangedMeanwhile()
            }
            // Counters in the same order everywhere. Where two still wait for each other, PostgreSQL ends one and it is run again.
            try appendAudit(plan.audit, connection)
            let sequence = try Self.next("sequence", connection)
            try Self.spend(plan, connection)
            try apply(plan, connection)
            try markDone(prepared, sequence: sequence, connection)
            return sequence
        }
    }

    /// Replaces the columns where every old value still stands, and reads them back inside the same transaction.
    private func apply(_ plan: ResetPlan, _ connection: any SQLConnection) throws {
        let id = plan.account.id
        guard try CredentialColumns.read(account: id, lock: true, connection) == plan.old else {
            throw ChangedMeanwhile()
        }
        // The new sync key derives from the username that the plan knew.
        let named = try connection.query("SELECT username, email FROM account WHERE id = \(id)").first
        guard try named?.text("username") ?? plan.account.username == plan.account.username else {
            throw RecoveryError(
                .changedMeanwhile, reason: "the account was renamed meanwhile",
                hint: "nothing was changed; try it again")
        }
        try keepHistory(plan, connection)
        guard try CredentialColumns.write(plan.new, account: id, connection) else { throw ChangedMeanwhile() }
        guard try CredentialColumns.read(account: id, connection) == plan.new else {
            throw RecoveryError(
                .notVerified, reason: "the database did not keep what was written",
                hint: "nothing was changed; look for triggers on the tables account and sync_credential")
        }
        for revocation in plan.revocations {
            switch revocation {
            case .sessions: try Self.endSessions(of: id, but: plan.keptSession, connection)
            case .resetTokens:
                try connection.execute(
                    "DELETE FROM reset_token WHERE account_id = \(id) AND app IS NULL AND used_at IS NULL")
            case .resetCodes: try voidCodes(of: id, app: nil, at: plan.at, connection)
            }
        }
        // What is counted against the account would stop the new password from working (RST-2).
        let names = [plan.account.username, try named?.optionalText("email")].compactMap(\.self)
        try clearThrottle(accountID: id, names: names, connection)
        try Self.announce(accountID: id, connection)
    }

    private func keepHistory(_ plan: ResetPlan, _ connection: any SQLConnection) throws {
        guard let historyKept = plan.historyKept else { return }
        let id = plan.account.id
        if historyKept > 0, case .text(let hash) = plan.old[OwnColumn.passwordHash] {
            try connection.execute(
                """
                INSERT INTO password_history (id, account_id, password_hash, replaced_at)
                VALUES (\(random.uuid()), \(id), \(hash), \(plan.at.microseconds))
                """)
        }
        try connection.execute(
            """
            DELETE FROM password_history WHERE account_id = \(id) AND id NOT IN (
              SELECT id FROM password_history WHERE account_id = \(id)
              ORDER BY replaced_at DESC LIMIT \(historyKept))
            """)
    }

    private func markDone(_ prepared: PreparedReset, sequence: Int64, _ connection: any SQLConnection) throws {
        let changed = try connection.execute(
            """
            UPDATE reset SET state = 'done', sequence = \(sequence), settled_at = \(prepared.plan.at.microseconds)
            WHERE id = \(prepared.plan.id) AND state = 'prepared'
            """)
        guard changed == 1 else { throw ChangedMeanwhile() }
        if let undone = prepared.plan.undoes {
            try dropSeals("number IN (\(prepared.number), \(undone))", connection)
        } else if prepared.plan.undoUntil == nil {
            // Nothing is to be put back for this account, by no way round over earlier resets either.
            try dropSeals("account_id = \(prepared.plan.account.id) AND app IS NULL", connection)
        }
    }

    func dropSeals(_ rows: SQLStatement, _ connection: any SQLConnection) throws {
        try connection.execute(
            "UPDATE reset SET sealed_old = NULL, sealed_new = NULL WHERE sealed_old IS NOT NULL AND \(part: rows)")
    }

    @discardableResult
    func abandon(number: Int64, now: Timestamp) async throws -> Int {
        try await database.transaction(.write) { try Self.abandon(number: number, now: now, $0) }
    }

    static func abandon(number: Int64, now: Timestamp, _ connection: any SQLConnection) throws -> Int {
        try connection.execute(
            """
            UPDATE reset SET state = 'abandoned', settled_at = \(now.microseconds), sealed_old = NULL,
              sealed_new = NULL, undo_until = NULL
            WHERE number = \(number) AND state = 'prepared'
            """)
    }

    private func dropOverdueSeals(now: Timestamp) async throws {
        _ = try await database.transaction(.write) { connection in
            try connection.execute(
                """
                UPDATE reset SET sealed_old = NULL, sealed_new = NULL
                WHERE sealed_old IS NOT NULL AND undo_until <= \(now.microseconds) AND state = 'done'
                """)
        }
    }

    func freeLock() async throws -> (any SQLLock, Int64) {
        while true {
            let number = random.positiveInt32()
            if let lock = try await database.lock(number) { return (lock, number) }
        }
    }

}

/// A stored value is no longer the one the plan expects: rolls the transaction back.
private struct ChangedMeanwhile: Error {}

/// Old and new values as the journal keeps them: JSON, sealed for their row.
struct SealedColumns {
    let old: [UInt8]
    let new: [UInt8]

    init(_ plan: ResetPlan, seal: Seal) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        old = try seal.seal(encoder.encode(plan.old), for: "reset/\(plan.id)/old")
        new = try seal.seal(encoder.encode(plan.new), for: "reset/\(plan.id)/new")
    }
}
