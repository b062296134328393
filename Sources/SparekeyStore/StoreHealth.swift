public import Sparekey
public import SparekeySQL

/// Reads the state of an own database, of whatever schema and key, and changes nothing.
public struct StoreHealth: Sendable {
    /// What the schema and the key's check value tell.
    public enum Condition: Sendable, Equatable {
        case empty
        case foreign
        /// An older schema, which the next command that opens it brings up to date.
        case older
        /// A newer Sparekey made it.
        case newer
        /// Its accounts are elsewhere, or not all in it yet: what opening it would say.
        case unserved(StoreError)
        case current
    }

    private let database: any SQLDatabase

    public init(_ database: any SQLDatabase) {
        self.database = database
    }

    public func condition() async throws -> Condition {
        try await database.transaction(.read) { connection in
            let state = try StoreSchema.state(connection)
            do {
                if state.isMarked { try MoveMark.refuse(connection) }
            } catch let error as StoreError {
                return .unserved(error)
            }
            return switch state {
            case .empty: .empty
            case .foreign: .foreign
            case .marked(let version) where version < Migration.newest: .older
            case .marked(let version) where version > Migration.newest: .newer
            case .marked: .current
            }
        }
    }

    /// Whether the database was made with this key.
    public func belongs(to key: InstanceKey) async throws -> Bool {
        let check = key.checkValue
        return try await database.transaction(.read) { try StoreSchema.meta("key_check", $0) == check }
    }

    /// Whether a PostgreSQL server and its rights let the accounts be written. Of a SQLite file its mode tells.
    public func acceptsWrites() async throws -> Bool {
        guard database.dialect == .postgreSQL else { return true }
        return try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT CASE WHEN pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'
                  OR NOT has_table_privilege('account', 'UPDATE') THEN 0 ELSE 1 END AS writable
                """
            ).first?.bool("writable") ?? false
        }
    }
}

extension StoreHealth: HealthRegister {
    public func enabledAdministrators(upTo limit: Int) async throws -> Int {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT id FROM account WHERE role = 'admin' AND active = 1 AND password_hash IS NOT NULL LIMIT \(limit)
                """
            ).count
        }
    }

    public func credentials(after: String?, limit: Int) async throws -> [CredentialState] {
        let start: SQLStatement = after.map { "username_key > \($0)" } ?? "1 = 1"
        return try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT id, username, username_key, active, require_password_change, password_expires_at, password_hash,
                  password_mark FROM account WHERE \(part: start) ORDER BY username_key LIMIT \(limit)
                """
            ).map(Self.state)
        }
    }

    public func unfinishedResets() async throws -> Int {
        try await database.transaction(.read) { connection in
            try connection.query("SELECT number FROM reset WHERE state = 'prepared' LIMIT 1000").count
        }
    }

    public func latestReset() async throws -> Timestamp? {
        try await database.transaction(.read) { connection in
            try connection.query("SELECT max(prepared_at) AS latest FROM reset").first?.optionalInteger("latest")
                .map(Timestamp.init(microseconds:))
        }
    }

    public func backups() async throws -> BackupRecord {
        try await database.transaction(.read) { connection in
            func time(_ name: String) throws -> Timestamp? {
                try StoreSchema.meta(name, connection).flatMap { Int64($0) }.map(Timestamp.init(microseconds:))
            }
            return BackupRecord(
                latest: try time(BackupMeta.latest), latestWithKey: try time(BackupMeta.latestWithKey))
        }
    }

    private static func state(_ row: SQLRow) throws -> CredentialState {
        CredentialState(
            accountID: try row.text("id"), username: try row.text("username"),
            usernameKey: try row.text("username_key"), isActive: try row.bool("active"),
            requiresChange: try row.bool("require_password_change"),
            expiresAt: try row.optionalInteger("password_expires_at").map(Timestamp.init(microseconds:)),
            passwordHash: CredentialColumns.stored(row["password_hash"]),
            passwordMark: CredentialColumns.stored(row["password_mark"]))
    }
}
