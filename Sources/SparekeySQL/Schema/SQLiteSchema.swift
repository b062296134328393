import Glibc

/// The schema of a SQLite file, by the table-valued forms of its pragmas (sqlite.org/pragma.html#pragfunc).
struct SQLiteSchema: SchemaReading {
    let connection: any SQLConnection

    func tables() throws -> [SchemaTable] {
        let rows = try connection.query(
            """
            SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow'
            AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
            """)
        return try rows.map { row in
            let kind: SchemaTable.Kind =
                switch try row.text("type") {
                case "view": .view
                case "virtual": .foreign
                default: .table
                }
            return SchemaTable(name: TableName(try row.text("name")), kind: kind, isTransactional: true)
        }
    }

    func columns(of table: TableName) throws -> [SchemaColumn] {
        let rows = try connection.query(
            """
            SELECT name, type, "notnull" AS required, dflt_value AS standard, pk, hidden
            FROM pragma_table_xinfo(\(table.name), 'main') ORDER BY cid
            """)
        return try rows.map { row in
            let type = try row.text("type")
            // The one column that is the row's number is never NULL, though nothing says so.
            let isRowNumber = try row.integer("pk") > 0 && type.uppercased() == "INTEGER"
            return SchemaColumn(
                table: table, name: try row.text("name"), declaredType: type, kind: Self.kind(type),
                length: Self.length(type), isNullable: try !row.bool("required") && !isRowNumber,
                defaultExpression: try row.optionalText("standard"), isGenerated: try row.integer("hidden") > 1,
                changesWithRow: false, dialect: .sqlite, castType: "", collation: nil)
        }
    }

    func uniqueKeys(of table: TableName) throws -> [SchemaKey] {
        let primary = try connection.query(
            "SELECT name FROM pragma_table_xinfo(\(table.name), 'main') WHERE pk > 0 ORDER BY pk")
        let rows = try connection.query(
            """
            SELECT i.name AS key, i.partial AS partial, c.name AS name
            FROM pragma_index_list(\(table.name), 'main') AS i JOIN pragma_index_info(i.name, 'main') AS c
            WHERE i."unique" = 1 AND i.origin <> 'pk' ORDER BY i.seq DESC, c.seqno
            """)
        let keys = try rows.grouped(by: "key").map { name, rows in
            let isPartial = try rows.contains { try $0.bool("partial") }
            let columns = try rows.map { try $0.optionalText("name") }
            return SchemaKey(name: name, columns: columns, isPrimary: false, isPartial: isPartial)
        }
        if primary.isEmpty { return keys }
        let columns = try primary.map { try $0.optionalText("name") }
        return [SchemaKey(name: nil, columns: columns, isPrimary: true, isPartial: false)] + keys
    }

    func triggers(on table: TableName) throws -> [SchemaTrigger] {
        let rows = try connection.query(
            """
            SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = \(table.name) COLLATE NOCASE
            ORDER BY name
            """)
        return try rows.map { SchemaTrigger(name: try $0.text("name"), definition: try $0.text("sql")) }
    }

    func cascades(from table: TableName) throws -> [SchemaCascade] {
        let rows = try connection.query(
            """
            SELECT t.name AS child, t.name || ' ' || f.id AS key, f."from" AS name, f."to" AS target, f.on_update AS updates,
            f.on_delete AS deletes
            FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name, 'main') AS f
            WHERE t.schema = 'main' AND t.type = 'table' AND f."table" = \(table.name) COLLATE NOCASE
            ORDER BY t.name, f.id, f.seq
            """)
        return try rows.grouped(by: "key").compactMap { _, rows in try Self.cascade(rows) }
    }

    func server() throws -> DatabaseServer {
        let version = try connection.query("SELECT sqlite_version() AS version").first?.text("version") ?? ""
        let file = try connection.query("SELECT file FROM pragma_database_list WHERE name = 'main'").first
        let mark = DatabaseServer.Mark(
            applicationID: try number("SELECT application_id AS number FROM pragma_application_id"),
            userVersion: try number("SELECT user_version AS number FROM pragma_user_version"))
        return DatabaseServer(
            version: version, isReadOnly: try !Self.isWritable(file?.optionalText("file") ?? ""), mark: mark)
    }

    private func number(_ statement: SQLStatement) throws -> Int64 {
        try connection.query(statement).first?.integer("number") ?? 0
    }

    /// A change needs the file, and its folder for the journal.
    private static func isWritable(_ path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/") else { return true }
        let folder = String(path[...slash])
        return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 && faccessat(AT_FDCWD, folder, W_OK, AT_EACCESS) == 0
    }

    private static func cascade(_ rows: [SQLRow]) throws -> SchemaCascade? {
        guard let first = rows.first else { return nil }
        let (updates, deletes) = (action(try first.text("updates")), action(try first.text("deletes")))
        guard updates != .nothing || deletes != .nothing else { return nil }
        return SchemaCascade(
            table: TableName(try first.text("child")), columns: try rows.map { try $0.text("name") },
            targets: try rows.compactMap { try $0.optionalText("target") }, onUpdate: updates, onDelete: deletes)
    }

    static func action(_ words: String) -> SchemaCascade.Action {
        switch words {
        case "CASCADE": .cascade
        case "SET NULL": .setNull
        case "SET DEFAULT": .setDefault
        default: .nothing
        }
    }

    /// The affinity (sqlite.org/datatype3.html, 3.1), and within NUMERIC what programs call truth and time.
    private static func kind(_ declared: String) -> SchemaColumn.Kind {
        let type = declared.uppercased()
        func has(_ words: String...) -> Bool { words.contains { type.contains($0) } }
        if has("INT") { return .integer }
        if has("CHAR", "CLOB", "TEXT") { return .text }
        if type.isEmpty || has("BLOB") { return .blob }
        if has("REAL", "FLOA", "DOUB") { return .real }
        if has("BOOL") { return .boolean }
        if has("DATE", "TIME") { return .timestamp }
        if has("UUID") { return .uuid }
        return has("JSON") ? .json : .decimal
    }

    /// Said by the type and not kept to: `varchar(60)`.
    private static func length(_ declared: String) -> Int? {
        guard kind(declared) == .text, let start = declared.firstIndex(of: "(") else { return nil }
        return Int(declared[declared.index(after: start)...].prefix { $0.isNumber })
    }
}
