public import Sparekey
public import SparekeySQL

/// Sparekey's own directory, journal and audit trail, on one database of either kind.
///
/// One value for everything that is kept: its capabilities stand in the files beside this one, a port each.
public struct SparekeyStore: Sendable {
    /// SQLite's application_id of an own database: "SPKY".
    public static let applicationID: UInt32 = 0x5350_4B59

    /// Every transaction goes through it: it keeps the audit trail's head beside the database.
    let database: any SQLDatabase
    /// The same database as it was opened, for what a driver alone can do.
    let driver: any SQLDatabase
    /// The instance key that this database belongs to.
    public let key: InstanceKey
    let seal: Seal
    let chain: AuditChain
    let heads: AuditHeadNotes
    let throttleKeys: ThrottleKeys
    let codeRequests: GatheredWrites<ThrottleCharge>
    let random: any RandomSource

    private init(
        database: any SQLDatabase, key: InstanceKey, random: any RandomSource, heads: (any AuditHeadKeeper)?
    ) {
        self.heads = AuditHeadNotes(keeper: heads, key: key)
        driver = database
        self.database = HeadNotingDatabase(base: database, notes: self.heads, check: key.checkValue)
        codeRequests = GatheredWrites(self.database)
        self.key = key
        self.random = random
        seal = Seal(key)
        chain = AuditChain(key)
        throttleKeys = ThrottleKeys(key)
    }

    /// Whether a database is empty, Sparekey's, or somebody else's. Reads only.
    public static func isMarked(_ database: any SQLDatabase) async throws -> Bool {
        switch try await database.transaction(.read, { try StoreSchema.state($0) }) {
        case .marked: true
        case .empty: false
        case .foreign: throw foreign
        }
    }

    /// Opens the store: checks the mark, the version and the key, and migrates an older schema.
    ///
    /// - Parameters:
    ///   - mayCreate: whether an empty database becomes Sparekey's (`setup`, `serve`, `users add`; RST-3).
    ///   - heads: keeps the head of the audit trail beside the database; nil keeps none.
    ///   - whereverAccountsAre: also a database that a move has left, or has not finished: for the move itself.
    /// - Throws: ``StoreError``; nothing has been changed then.
    public static func open(
        _ database: any SQLDatabase, key: InstanceKey, mayCreate: Bool, random: any RandomSource,
        heads: (any AuditHeadKeeper)? = nil, whereverAccountsAre: Bool = false
    ) async throws -> SparekeyStore {
        let check = key.checkValue
        let isReady = try await database.transaction(.read) { connection in
            let state = try StoreSchema.state(connection)
            try refuse(state, mayCreate: mayCreate)
            if state.isMarked, !whereverAccountsAre { try MoveMark.refuse(connection) }
            guard state == .marked(version: Migration.newest) else { return false }
            try requireKey(check, connection)
            return true
        }
        if !isReady {
            try await database.transaction(.write) { connection in
                try migrate(connection, check: check, mayCreate: mayCreate)
            }
        }
        return SparekeyStore(database: database, key: key, random: random, heads: heads)
    }

    /// How far the kept head of the audit trail may lag behind requests for codes and what came of them.
    public static let headLag = Duration.milliseconds(50)

    /// For a server: keeps the head for many requests for codes at once, no more often than every ``headLag``, until the task
    /// is cancelled. Every other row is kept at once all the same. Call ``keepHead()`` when nothing is asked any more.
    public func keepLaggingHead() async {
        await heads.keepLagging(driver, by: Self.headLag)
    }

    /// Keeps the head of the audit trail as it is now.
    public func keepHead() async {
        await heads.note(driver)
    }

    /// Closes the database; the store is not used afterwards.
    public func close() async {
        await database.close()
    }

    /// The instance's domain, given at set-up: the default public URL's host, and a context word of the policy.
    public func domain() async throws -> String? {
        try await database.transaction(.read) { try StoreSchema.meta("domain", $0) }
    }

    private static func migrate(_ connection: any SQLConnection, check: String, mayCreate: Bool) throws {
        try StoreSchema.lock(connection)
        let state = try StoreSchema.state(connection)
        try refuse(state, mayCreate: mayCreate)
        if state != .empty { try requireKey(check, connection) }
        try StoreSchema.migrate(connection, from: state)
        if state == .empty {
            try StoreSchema.setMeta("key_check", check, connection)
            if connection.dialect == .sqlite {
                // A pragma takes no bound value: this is 0x53504B59.
                try connection.execute("PRAGMA application_id = 1397771097")
            }
        }
    }

    private static func refuse(_ state: StoreSchema.State, mayCreate: Bool) throws {
        switch state {
        case .foreign: throw foreign
        case .empty:
            guard mayCreate else { throw StoreError(.empty, reason: "the database is empty") }
        case .marked(let version):
            try refuseNewer(version)
        }
    }

    static func refuseNewer(_ version: Int64) throws {
        guard version <= Migration.newest else {
            throw StoreError(.newer, reason: "a newer Sparekey made this database (schema \(version))")
        }
    }

    static func requireKey(_ check: String, _ connection: any SQLConnection) throws {
        guard try StoreSchema.meta("key_check", connection) == check else {
            throw StoreError(.wrongKey, reason: "the database belongs to another instance key")
        }
    }

    static let foreign = StoreError(.foreign, reason: "the database is another program's")
}
