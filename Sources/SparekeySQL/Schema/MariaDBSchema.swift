/// The schema of a MariaDB or MySQL database, from information_schema, which shows what the user has a right to.
struct MariaDBSchema: SchemaReading {
    let connection: any SQLConnection

    func tables() throws -> [SchemaTable] {
        let rows = try connection.query(
            """
            SELECT t.TABLE_NAME AS name, t.TABLE_TYPE AS type, e.TRANSACTIONS AS transactions
            FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
            WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE <> 'SEQUENCE' ORDER BY CAST(t.TABLE_NAME AS BINARY)
            """)
        return try rows.map { row in
            let kind: SchemaTable.Kind = try row.text("type").hasSuffix("VIEW") ? .view : .table
            let isTransactional = try kind == .view || row.optionalText("transactions") == "YES"
            return SchemaTable(name: TableName(try row.text("name")), kind: kind, isTransactional: isTransactional)
        }
    }

    func columns(of table: TableName) throws -> [SchemaColumn] {
        let rows = try connection.query(
            """
            SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, DATA_TYPE AS base, IS_NULLABLE AS nullable,
              COLUMN_DEFAULT AS standard, EXTRA AS extra, CHARACTER_SET_NAME AS characters, COLLATION_NAME AS collation,
              CAST(LEAST(CHARACTER_MAXIMUM_LENGTH, 9223372036854775807) AS SIGNED) AS length
            FROM information_schema.COLUMNS WHERE \(part: isNamed("TABLE_SCHEMA", "TABLE_NAME", table))
            ORDER BY ORDINAL_POSITION
            """)
        return try rows.map { try Self.column($0, of: table) }
    }

    func uniqueKeys(of table: TableName) throws -> [SchemaKey] {
        let rows = try connection.query(
            """
            SELECT INDEX_NAME AS `key`, COLUMN_NAME AS name FROM information_schema.STATISTICS
            WHERE \(part: isNamed("TABLE_SCHEMA", "TABLE_NAME", table)) AND NON_UNIQUE = 0
            ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX
            """)
        return try rows.grouped(by: "key").map { name, rows in
            let columns = try rows.map { try $0.optionalText("name") }
            return SchemaKey(name: name, columns: columns, isPrimary: name == "PRIMARY", isPartial: false)
        }
    }

    func triggers(on table: TableName) throws -> [SchemaTrigger] {
        let rows = try connection.query(
            """
            SELECT TRIGGER_NAME AS name, ACTION_TIMING AS moment, EVENT_MANIPULATION AS event, ACTION_STATEMENT AS body
            FROM information_schema.TRIGGERS
            WHERE \(part: isNamed("EVENT_OBJECT_SCHEMA", "EVENT_OBJECT_TABLE", table)) ORDER BY TRIGGER_NAME
            """)
        return try rows.map { row in
            let head = "\(try row.text("moment")) \(try row.text("event")) ON \(table) FOR EACH ROW"
            return SchemaTrigger(name: try row.text("name"), definition: "\(head) \(try row.text("body"))")
        }
    }

    func cascades(from table: TableName) throws -> [SchemaCascade] {
        let rows = try connection.query(
            """
            SELECT CONCAT(k.TABLE_SCHEMA, '.', k.TABLE_NAME, ' ', k.CONSTRAINT_NAME) AS `key`,
              NULLIF(k.TABLE_SCHEMA, DATABASE()) AS `schema`, k.TABLE_NAME AS child, k.COLUMN_NAME AS name,
              k.REFERENCED_COLUMN_NAME AS target, r.UPDATE_RULE AS updates, r.DELETE_RULE AS deletes
            FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
              ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
              AND r.TABLE_NAME = k.TABLE_NAME
            WHERE \(part: isNamed("k.REFERENCED_TABLE_SCHEMA", "k.REFERENCED_TABLE_NAME", table))
            ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
            """)
        return try rows.grouped(by: "key").compactMap { _, rows in try Self.cascade(rows) }
    }

    func server() throws -> DatabaseServer {
        let row = try connection.query("SELECT VERSION() AS version, @@GLOBAL.read_only AS closed").first
        return DatabaseServer(
            version: try row?.text("version") ?? "", isReadOnly: try row?.bool("closed") ?? false, mark: nil)
    }

    /// The comparison of names follows the server's files: exact, unless it folds the names of all tables itself.
    private func isNamed(_ schema: SQLStatement, _ name: SQLStatement, _ table: TableName) -> SQLStatement {
        """
        \(part: schema) = COALESCE(\(table.schema.sqlValue), DATABASE()) AND \(part: name) = \(table.name)
        AND (@@lower_case_table_names <> 0 OR CAST(\(part: name) AS BINARY) = CAST(\(table.name) AS BINARY))
        """
    }

    private static func cascade(_ rows: [SQLRow]) throws -> SchemaCascade? {
        guard let first = rows.first else { return nil }
        let updates = SQLiteSchema.action(try first.text("updates"))
        let deletes = SQLiteSchema.action(try first.text("deletes"))
        guard updates != .nothing || deletes != .nothing else { return nil }
        return SchemaCascade(
            table: TableName(try first.text("child"), schema: try first.optionalText("schema")),
            columns: try rows.map { try $0.text("name") }, targets: try rows.map { try $0.text("target") },
            onUpdate: updates, onDelete: deletes)
    }

    private static func column(_ row: SQLRow, of table: TableName) throws -> SchemaColumn {
        let (type, base) = (try row.text("type"), try row.text("base").lowercased())
        let extra = try row.text("extra").lowercased()
        let order = try row.optionalText("collation")
        let collation = try row.optionalText("characters").flatMap { set in
            order.map { SchemaColumn.Collation(characterSet: set, name: $0) }
        }
        return SchemaColumn(
            table: table, name: try row.text("name"), declaredType: type, kind: kind(base, type),
            length: try row.optionalInteger("length").map(Int.init), isNullable: try row.text("nullable") == "YES",
            defaultExpression: try row.optionalText("standard"),
            isGenerated: extra.contains("virtual generated") || extra.contains("stored generated"),
            changesWithRow: extra.contains("on update"), dialect: .mariaDB, castType: base, collation: collation)
    }

    private static func kind(_ base: String, _ type: String) -> SchemaColumn.Kind {
        switch base {
        // How MariaDB writes BOOLEAN.
        case "tinyint" where type.lowercased().hasPrefix("tinyint(1)"): .boolean
        case "bit" where type.lowercased() == "bit(1)": .boolean
        case "tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit": .integer
        case "float", "double": .real
        case "decimal": .decimal
        case "char", "varchar", "tinytext", "text", "mediumtext", "longtext": .text
        case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob": .blob
        case "uuid": .uuid
        case "date", "datetime", "timestamp", "time": .timestamp
        case "json": .json
        default: .other
        }
    }
}
