/// The schema of a PostgreSQL database, from pg_catalog, which unlike information_schema hides nothing from a user.
struct PostgreSQLSchema: SchemaReading {
    let connection: any SQLConnection

    func tables() throws -> [SchemaTable] {
        let rows = try connection.query(
            """
            SELECT CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema, c.relname AS name,
              c.relkind::text AS kind
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%'
              AND n.nspname <> 'information_schema'
            ORDER BY 1 NULLS FIRST, 2
            """)
        return try rows.map { row in
            let kind: SchemaTable.Kind =
                switch try row.text("kind") {
                case "v", "m": .view
                case "f": .foreign
                default: .table
                }
            let name = TableName(try row.text("name"), schema: try row.optionalText("schema"))
            return SchemaTable(name: name, kind: kind, isTransactional: kind != .foreign)
        }
    }

    func columns(of table: TableName) throws -> [SchemaColumn] {
        let rows = try connection.query(
            """
            SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, format_type(b.oid, -1) AS cast_type,
              b.typname AS base, b.typtype::text AS class, a.attnotnull AS required,
              CASE WHEN b.typname IN ('varchar', 'bpchar') AND greatest(a.atttypmod, t.typtypmod) > 4
                THEN greatest(a.atttypmod, t.typtypmod) - 4 END AS length,
              CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS standard,
              a.attgenerated <> '' OR a.attidentity = 'a' AS computed
            FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
              JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
              LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = \(part: object(table)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """)
        return try rows.map { row in
            SchemaColumn(
                table: table, name: try row.text("name"), declaredType: try row.text("type"),
                kind: Self.kind(try row.text("base"), isEnumeration: try row.text("class") == "e"),
                length: try row.optionalInteger("length").map(Int.init), isNullable: try !row.bool("required"),
                defaultExpression: try row.optionalText("standard"), isGenerated: try row.bool("computed"),
                changesWithRow: false, dialect: .postgreSQL, castType: try row.text("cast_type"), collation: nil)
        }
    }

    func uniqueKeys(of table: TableName) throws -> [SchemaKey] {
        let rows = try connection.query(
            """
            SELECT x.relname AS key, i.indisprimary AS main, i.indpred IS NOT NULL AS partial, a.attname AS name
            FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
              CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
              LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0
            WHERE i.indrelid = \(part: object(table)) AND i.indisunique AND i.indisvalid AND k.place <= i.indnkeyatts
            ORDER BY i.indisprimary DESC, x.relname, k.place
            """)
        return try rows.grouped(by: "key").map { name, rows in
            let isPrimary = try rows.contains { try $0.bool("main") }
            let isPartial = try rows.contains { try $0.bool("partial") }
            let columns = try rows.map { try $0.optionalText("name") }
            return SchemaKey(name: name, columns: columns, isPrimary: isPrimary, isPartial: isPartial)
        }
    }

    /// Rules too: what they add to a statement happens beside it, as a trigger's work does.
    func triggers(on table: TableName) throws -> [SchemaTrigger] {
        let rows = try connection.query(
            """
            SELECT tgname AS name, pg_get_triggerdef(oid) AS definition FROM pg_trigger
            WHERE tgrelid = \(part: object(table)) AND NOT tgisinternal AND tgenabled <> 'D'
            UNION ALL
            SELECT r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
            WHERE r.ev_class = \(part: object(table)) AND c.relkind IN ('r', 'p') AND r.ev_enabled <> 'D' ORDER BY 1
            """)
        return try rows.map { SchemaTrigger(name: try $0.text("name"), definition: try $0.text("definition")) }
    }

    func cascades(from table: TableName) throws -> [SchemaCascade] {
        let rows = try connection.query(
            """
            SELECT f.oid::text AS key, CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema,
              c.relname AS child, a.attname AS name, b.attname AS target, f.confupdtype::text AS updates,
              f.confdeltype::text AS deletes
            FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k(mine, theirs, place)
              JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.mine
              JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.theirs
            WHERE f.contype = 'f' AND f.confrelid = \(part: object(table))
              AND (f.confupdtype IN ('c', 'n', 'd') OR f.confdeltype IN ('c', 'n', 'd'))
            ORDER BY c.relname, f.oid, k.place
            """)
        return try rows.grouped(by: "key").compactMap { _, rows in
            guard let first = rows.first else { return nil }
            return SchemaCascade(
                table: TableName(try first.text("child"), schema: try first.optionalText("schema")),
                columns: try rows.map { try $0.text("name") }, targets: try rows.map { try $0.text("target") },
                onUpdate: Self.action(try first.text("updates")), onDelete: Self.action(try first.text("deletes")))
        }
    }

    func server() throws -> DatabaseServer {
        let row = try connection.query(
            """
            SELECT current_setting('server_version') AS version,
              pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS closed
            """
        ).first
        return DatabaseServer(
            version: try row?.text("version") ?? "", isReadOnly: try row?.bool("closed") ?? false, mark: nil)
    }

    /// The table's number, or NULL.
    private func object(_ table: TableName) -> SQLStatement {
        guard let schema = table.schema else {
            return "(SELECT c.oid FROM pg_class c WHERE c.relname = \(table.name) AND pg_table_is_visible(c.oid))"
        }
        return """
            (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relname = \(table.name) AND n.nspname = \(schema))
            """
    }

    private static func action(_ letter: String) -> SchemaCascade.Action {
        switch letter {
        case "c": .cascade
        case "n": .setNull
        case "d": .setDefault
        default: .nothing
        }
    }

    private static func kind(_ type: String, isEnumeration: Bool) -> SchemaColumn.Kind {
        if isEnumeration { return .other }
        switch type {
        case "int2", "int4", "int8", "oid": return .integer
        case "bool": return .boolean
        case "float4", "float8": return .real
        case "numeric": return .decimal
        case "text", "varchar", "bpchar", "name", "citext": return .text
        case "bytea": return .blob
        case "uuid": return .uuid
        case "timestamp", "timestamptz", "date", "time", "timetz": return .timestamp
        case "json", "jsonb": return .json
        default: return .other
        }
    }
}
