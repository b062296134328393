public import Sparekey
import SparekeySQL

extension SparekeyStore: RehashRegister {
    public func isKeptForUndo(_ account: Account, now: Timestamp) async throws -> Bool {
        try await database.transaction(.read) { connection in
            try !connection.query(
                """
                SELECT number FROM reset WHERE account_id = \(account.id) AND state = 'done'
                  AND sealed_old IS NOT NULL AND undo_until > \(now.microseconds) LIMIT 1
                """
            ).isEmpty
        }
    }

    public func rehash(_ plan: RehashPlan) async throws -> Bool {
        let (id, old, new) = (plan.account.id, plan.verified, plan.new)
        do {
            try await database.transaction(.write) { connection in
                let stands: SQLStatement = "id = \(id) AND password_hash = \(old.hash) AND password_mark = \(old.mark)"
                // Those that come too late find out before they queue for the audit trail.
                guard try !connection.query("SELECT id FROM account WHERE \(part: stands)").isEmpty else {
                    throw NoLongerStands()
                }
                try appendAudit(plan.audit, connection)
                let changed = try connection.execute(
                    """
                    UPDATE account SET password_hash = \(new.hash), password_mark = \(new.mark) WHERE \(part: stands)
                    """)
                guard changed == 1 else { throw NoLongerStands() }
            }
            return true
        } catch is NoLongerStands {
            return false
        }
    }
}

/// Another hash is stored than the one that was verified: rolls the audit row back.
private struct NoLongerStands: Error {}
