import Sparekey
import SparekeySQL

/// A counter that a try needs is full: rolls the transaction back, so that the try is charged nowhere.
struct CounterFull: Error {
    let counter: ThrottleCounter
    let endsAt: Timestamp

    /// Whole seconds, at least one: what a `Retry-After` can say. A day where only success ends it.
    func retryAfter(at now: Timestamp) -> Duration {
        let left = (endsAt.microseconds - now.microseconds + 999_999) / 1_000_000
        return .seconds(min(max(left, 1), 86_400))
    }
}

/// The statements on the table `throttle`, for whoever has a transaction open.
///
/// A row is a window: how many tries, and when it ends. A row whose window has ended, or ends later than one of now could,
/// counts for nothing, and the next try makes a window of its own out of it.
enum ThrottleTable {
    /// See ``Sparekey/ThrottleRegister/charge(_:)``.
    ///
    /// - Throws: ``CounterFull`` for a visible limit; the transaction must not be committed then.
    static func charge(_ demand: ThrottleDemand, _ connection: any SQLConnection) throws -> ThrottleCharge {
        let charge = try counted(demand, connection)
        // Last, because it waits for nobody: whoever waits for one of its rows will have it.
        try removeEnded(now: demand.at, connection)
        return charge
    }

    private static func counted(
        _ demand: ThrottleDemand, _ connection: any SQLConnection
    ) throws -> ThrottleCharge {
        let now = demand.at
        if let first = demand.first, try take(first, at: now, connection) {
            return ThrottleCharge(verdict: .allowed, full: nil, counted: [first], at: now)
        }
        for counter in demand.visible where try !take(counter, at: now, connection) {
            throw CounterFull(counter: counter, endsAt: try end(of: counter, at: now, connection))
        }
        guard let silent = demand.silent else {
            return ThrottleCharge(verdict: .allowed, full: nil, counted: demand.visible, at: now)
        }
        guard try take(silent, at: now, connection) else {
            return ThrottleCharge(verdict: .silentlyRefused, full: silent, counted: demand.visible, at: now)
        }
        return ThrottleCharge(verdict: .allowed, full: nil, counted: demand.visible + [silent], at: now)
    }

    /// A window that was opened since ends later, so that it is left alone.
    static func giveBack(_ charge: ThrottleCharge, _ connection: any SQLConnection) throws {
        for counter in charge.counted {
            try connection.execute(
                """
                UPDATE throttle SET count = count - 1
                WHERE key = \(counter.key) AND count > 0 AND ends_at > \(charge.at.microseconds)
                  AND ends_at <= \(counter.end(from: charge.at).microseconds)
                """)
        }
    }

    static func standing(
        of counter: ThrottleCounter, now: Timestamp, _ connection: any SQLConnection
    ) throws -> ThrottleStanding? {
        let row = try connection.query(
            """
            SELECT count, ends_at FROM throttle WHERE key = \(counter.key) AND ends_at > \(now.microseconds)
              AND ends_at <= \(counter.latestEnd(at: now).microseconds)
            """
        ).first
        return try row.map { row in
            ThrottleStanding(
                counter: counter, count: Int(try row.integer("count")),
                endsAt: Timestamp(microseconds: try row.integer("ends_at")))
        }
    }

    static func remove(_ keys: [[UInt8]], _ connection: any SQLConnection) throws -> Int {
        guard let first = keys.first else { return 0 }
        let list = keys.dropFirst().reduce("\(first)" as SQLStatement) { $0 + ", \($1)" }
        return try connection.execute("DELETE FROM throttle WHERE key IN (\(part: list))")
    }

    /// Counts one try if there is room. One statement, so that the database decides among many at once; row counts tell
    /// (house.md, SQL).
    private static func take(
        _ counter: ThrottleCounter, at now: Timestamp, _ connection: any SQLConnection
    ) throws -> Bool {
        let latest = counter.latestEnd(at: now).microseconds
        let isOpen: SQLStatement = "throttle.ends_at > \(now.microseconds) AND throttle.ends_at <= \(latest)"
        let changed = try connection.execute(
            """
            INSERT INTO throttle (key, count, ends_at)
            VALUES (\(counter.key), 1, \(counter.end(from: now).microseconds))
            ON CONFLICT (key) DO UPDATE SET
              count = CASE WHEN \(part: isOpen) THEN throttle.count + 1 ELSE 1 END,
              ends_at = CASE WHEN \(part: isOpen) THEN throttle.ends_at ELSE excluded.ends_at END
            WHERE throttle.count < \(counter.limit) OR NOT (\(part: isOpen))
            """)
        return changed == 1
    }

    private static func end(
        of counter: ThrottleCounter, at now: Timestamp, _ connection: any SQLConnection
    ) throws -> Timestamp {
        try standing(of: counter, now: now, connection)?.endsAt ?? now
    }

    /// At most eight: a call opens at most four, so that a flood is outrun, and no call pays for one. Windows of a day are
    /// the longest that end; what claims to end later was opened under another clock.
    private static func removeEnded(now: Timestamp, _ connection: any SQLConnection) throws {
        let farOff = now + .seconds(86_460)
        // Rows that another transaction is charging are not waited for.
        let skip: SQLStatement = connection.dialect == .postgreSQL ? " FOR UPDATE SKIP LOCKED" : ""
        try connection.execute(
            """
            DELETE FROM throttle WHERE key IN (
              SELECT key FROM throttle WHERE ends_at <= \(now.microseconds)
                OR (ends_at > \(farOff.microseconds) AND ends_at < \(ThrottleCounter.never.microseconds))
              LIMIT 8\(part: skip))
            """)
    }
}
