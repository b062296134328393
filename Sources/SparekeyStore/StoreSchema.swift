import SparekeySQL

/// The mark of a database that is Sparekey's, and the numbered steps that bring it up to date (RST-3).
enum StoreSchema {
    /// What the schema step found.
    enum State: Sendable, Equatable {
        /// Not a single table.
        case empty
        /// Tables, and none of them `sparekey_meta`.
        case foreign
        case marked(version: Int64)
    }

    static func state(_ connection: any SQLConnection) throws -> State {
        guard try hasTable("sparekey_meta", connection) else {
            return try tableCount(connection) == 0 ? .empty : .foreign
        }
        let version = try meta("schema", connection).flatMap(Int64.init) ?? 0
        return .marked(version: version)
    }

    /// One migration of this schema at a time, across servers; who comes second waits for as long as it takes, and then finds
    /// it done. A statement of a migration may take long on large tables.
    static func lock(_ connection: any SQLConnection) throws {
        guard connection.dialect == .postgreSQL else { return }
        _ = try connection.query(
            """
            SELECT set_config('statement_timeout', '0', true) AS statements, set_config('lock_timeout', '0', true) AS locks
            """)
        // The first number is Sparekey's own, "SPKY".
        _ = try connection.query(
            """
            SELECT pg_advisory_xact_lock(CAST(\(Int(SparekeyStore.applicationID)) AS int), hashtext(current_schema()))
              AS locked
            """)
    }

    /// Brings an empty or older database to ``Migration/newest``. Call it inside a write transaction: all or none.
    static func migrate(_ connection: any SQLConnection, from state: State) throws {
        var version: Int64 = 0
        switch state {
        case .foreign: preconditionFailure("a foreign database is refused before this")
        case .marked(let found): version = found
        case .empty:
            try connection.execute("CREATE TABLE sparekey_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        }
        let types = ColumnTypes(connection.dialect)
        for migration in Migration.all where migration.number > version {
            for statement in migration.statements(types) { try connection.execute(statement) }
            try setMeta("schema", String(migration.number), connection)
        }
    }

    static func meta(_ name: String, _ connection: any SQLConnection) throws -> String? {
        try connection.query("SELECT value FROM sparekey_meta WHERE name = \(name)").first?.text("value")
    }

    static func setMeta(_ name: String, _ value: String, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO sparekey_meta (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }

    private static func hasTable(_ name: String, _ connection: any SQLConnection) throws -> Bool {
        switch connection.dialect {
        case .sqlite:
            try !connection.query("SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = \(name)")
                .isEmpty
        case .postgreSQL:
            try !connection.query(
                """
                SELECT 1 AS found FROM pg_tables WHERE schemaname = current_schema() AND tablename = \(name)
                """
            ).isEmpty
        case .mariaDB: ColumnTypes.refuse(.mariaDB)
        }
    }

    private static func tableCount(_ connection: any SQLConnection) throws -> Int64 {
        let count: SQLStatement =
            switch connection.dialect {
            case .sqlite: "SELECT count(*) AS tables FROM sqlite_master"
            case .postgreSQL: Self.foreignObjects
            case .mariaDB: ColumnTypes.refuse(.mariaDB)
            }
        return try connection.query(count).first?.integer("tables") ?? 0
    }

    /// Tables, views, sequences and functions that no extension brought. Where the address chooses a schema of its own by
    /// search_path, that schema is what the operator means; otherwise the whole database has to be empty.
    private static let foreignObjects: SQLStatement = """
        SELECT count(*) AS tables FROM (
          SELECT c.oid, 'pg_class'::regclass AS catalog, c.relnamespace AS namespace FROM pg_class c
          UNION ALL SELECT p.oid, 'pg_proc'::regclass, p.pronamespace FROM pg_proc p) AS object
        JOIN pg_namespace n ON n.oid = object.namespace
        WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
          AND (n.nspname = current_schema() OR current_schema() = 'public')
          AND NOT EXISTS (
            SELECT 1 FROM pg_depend d
            WHERE d.classid = object.catalog AND d.objid = object.oid AND d.deptype = 'e')
        """
}
