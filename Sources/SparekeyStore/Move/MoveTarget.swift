public import Sparekey
public import SparekeySQL

/// The database that accounts are moved to.
public struct MoveTarget: Sendable {
    public enum State: Sendable, Equatable {
        case empty
        /// A move to it was begun and not finished.
        case unfinished(String)
        /// It is an instance's own; with the id of the move that made it, if one did.
        case inUse(String?)
    }

    /// Under this number at most one move to a database is under way. "move" in ASCII.
    public static let lockNumber: Int64 = 0x6D6F_7665

    let database: any SQLDatabase
    private let key: InstanceKey

    public init(_ database: any SQLDatabase, key: InstanceKey) {
        self.database = database
        self.key = key
    }

    /// - Throws: ``StoreError`` `foreign` and `newer`; `wrongKey` where it is another instance's.
    public func state() async throws -> State {
        let check = key.checkValue
        return try await database.transaction(.read) { try Self.state($0, check) }
    }

    /// Makes its tables, or empties those of an earlier move, and marks it: nothing else opens it from now on.
    public func prepare(_ id: String) async throws {
        let check = key.checkValue
        try await database.transaction(.write) { connection in
            try StoreSchema.lock(connection)
            if case .inUse = try Self.state(connection, check) { throw Self.usedMeanwhile }
            try StoreSchema.migrate(connection, from: try StoreSchema.state(connection))
            try StoreSchema.setMeta("key_check", check, connection)
            try StoreSchema.setMeta(MoveMark.unfinished, id, connection)
            let others = MovedTable.all.filter { $0.name != MovedTable.meta.name }
            let names = others.dropFirst().reduce("\(identifier: others[0].name)" as SQLStatement) {
                $0 + ", \(identifier: $1.name)"
            }
            try connection.execute("TRUNCATE \(part: names)")
            for row in try MovedTable.meta.page(after: nil, connection) {
                try connection.execute("DELETE FROM sparekey_meta WHERE name = \(try row.text("name"))")
            }
        }
    }

    /// What is in a table now.
    func digest(of table: MovedTable, _ progress: (Int) -> Void) async throws -> TableDigest {
        var (digest, last) = (TableDigest(), SQLValue?.none)
        while true {
            let after = last
            let rows = try await database.transaction(.read) { try table.page(after: after, $0) }
            for row in rows { digest.add(row) }
            progress(rows.count)
            guard rows.count == MovedTable.pageSize, let row = rows.last else { return digest }
            last = row[table.key]
        }
    }

    /// Gives it free: from now on it is the instance's own. Doing it twice does it once.
    ///
    /// - Parameter heads: keeps the head of the trail, which goes on here.
    public func finish(
        _ mark: MoveMark, audit: AuditEvent, random: any RandomSource, heads: (any AuditHeadKeeper)?
    ) async throws {
        let store = try await SparekeyStore.open(
            database, key: key, mayCreate: false, random: random, heads: heads, whereverAccountsAre: true)
        try await store.database.transaction(.write) { connection in
            guard try StoreSchema.meta(MoveMark.unfinished, connection) == mark.id else { return }
            try store.appendAudit(audit, connection)
            try StoreSchema.setMeta(MoveMark.arrived, mark.id, connection)
            try connection.execute("DELETE FROM sparekey_meta WHERE name = \(MoveMark.unfinished)")
        }
    }

    private static func state(_ connection: any SQLConnection, _ check: String) throws -> State {
        switch try StoreSchema.state(connection) {
        case .empty: return .empty
        case .foreign: throw SparekeyStore.foreign
        case .marked(let version):
            try SparekeyStore.refuseNewer(version)
            try SparekeyStore.requireKey(check, connection)
            if let id = try StoreSchema.meta(MoveMark.unfinished, connection) { return .unfinished(id) }
            return .inUse(try StoreSchema.meta(MoveMark.arrived, connection))
        }
    }

    private static let usedMeanwhile = StoreError(
        .unfinishedMove, reason: "somebody else has made an instance in the database meanwhile")
}
