public import Sparekey
import SparekeySQL

extension SparekeyStore: ThrottleRegister {
    public func charge(_ demand: ThrottleDemand) async throws -> ThrottleCharge {
        try await Self.limited(at: demand.at) {
            try await database.transaction(.write) { try ThrottleTable.charge(demand, $0) }
        }
    }

    /// What one transaction charged a try. A visible limit has taken all of it back, and is what it was charged.
    static func limited(
        at now: Timestamp, _ transaction: () async throws -> ThrottleCharge
    ) async throws -> ThrottleCharge {
        do {
            return try await transaction()
        } catch let full as CounterFull {
            return ThrottleCharge(
                verdict: .limited(retryAfter: full.retryAfter(at: now)), full: full.counter, counted: [], at: now)
        }
    }

    public func giveBack(_ charge: ThrottleCharge) async throws {
        try await database.transaction(.write) { try ThrottleTable.giveBack(charge, $0) }
    }

    public func standings(of counters: [ThrottleCounter], now: Timestamp) async throws -> [ThrottleStanding] {
        try await database.transaction(.read) { connection in
            try counters.compactMap { try ThrottleTable.standing(of: $0, now: now, connection) }
        }
    }

    public func clear(account: Account, audit: AuditEvent) async throws -> Int {
        do {
            return try await database.transaction(.write) { connection in
                try appendAudit(audit, connection)
                let cleared =
                    try clearThrottle(accountID: account.id, names: account.names, connection)
                    + clearCodeBudgets(of: account, connection)
                guard cleared > 0 else { throw NothingCounted() }
                return cleared
            }
        } catch is NothingCounted {
            return 0
        }
    }

    /// Closes every window that is about an account, inside the transaction of what makes them void (RST-2).
    ///
    /// - Parameter names: its username and e-mail.
    ///
    /// Locks rows in the order in which a charge does. The counter of the audit trail may be locked before: no charge
    /// waits for it.
    @discardableResult
    func clearThrottle(accountID: String, names: [String], _ connection: any SQLConnection) throws -> Int {
        let keys = throttleKeys.counters(ofAccount: accountID, names: names)
        return try ThrottleTable.remove(keys.names, connection)
            + keys.own.reduce(0) { try $0 + ThrottleTable.remove([$1], connection) }
    }
}

/// Nothing was to be cleared: rolls the transaction, and with it the audit row, back.
private struct NothingCounted: Error {}
