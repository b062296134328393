import SparekeySQL

/// What a database says of the tables that profiles name, read in one transaction.
struct FoundSchema {
    struct Table {
        let table: SchemaTable
        let columns: [SchemaColumn]
        let keys: [SchemaKey]
        let triggers: [SchemaTrigger]

        func column(_ name: String) -> SchemaColumn? { columns.first { $0.name == name } }
    }

    let dialect: SQLDialect
    /// Of those asked about, by exact name: those that the program would find by it.
    let tables: [String: Table]
    /// Every table's name that is found so, asked about or not.
    let names: Set<String>
    /// Tables in schemas of PostgreSQL that this user does not look in, and which.
    let elsewhere: [String: String]

    /// Three questions for each table that is wanted and there.
    ///
    /// - Parameter wanted: of the tables' names that it is given.
    init(_ connection: any SQLConnection, wanted: (Set<String>) throws -> Set<String>) throws {
        let schema = connection.schema
        let all = try schema.tables()
        dialect = connection.dialect
        names = Set(all.filter { $0.name.schema == nil }.map(\.name.name))
        elsewhere = Dictionary(all.compactMap { table in table.name.schema.map { (table.name.name, $0) } }) { $1 }
        let wanted = try wanted(names)
        var tables: [String: Table] = [:]
        for table in all where table.name.schema == nil && wanted.contains(table.name.name) {
            tables[table.name.name] = Table(
                table: table, columns: try schema.columns(of: table.name), keys: try schema.uniqueKeys(of: table.name),
                triggers: try schema.triggers(on: table.name))
        }
        self.tables = tables
    }

    init(_ connection: any SQLConnection, wanted: Set<String>) throws {
        try self.init(connection) { _ in wanted }
    }

    var kind: Profile.DatabaseKind {
        switch dialect {
        case .sqlite: .sqlite
        case .postgreSQL: .postgresql
        case .mariaDB: .mariadb
        }
    }
}
