import SparekeySQL

/// A table that was looked at: its schema, and what its first rows say, without a value of them.
struct LookedTable {
    let table: FoundSchema.Table
    let meaning: TableMeaning
    let traits: [String: ColumnTraits]
    /// The likeliest first.
    let credentials: [FoundCredential]
    let rows: Int

    init(_ table: FoundSchema.Table, _ connection: any SQLConnection) throws {
        let sample = try TableSample(table, connection)
        self.table = table
        meaning = TableMeaning(table.table.name.name)
        traits = sample.values.mapValues(ColumnTraits.init)
        credentials = CredentialSearch(table, sample).found
        rows = sample.rows
    }

    var name: String { table.table.name.name }
    var columns: [SchemaColumn] { table.columns }

    /// The one column that names a row for good.
    var key: SchemaColumn? {
        let keys = table.keys.filter { $0.columns.count == 1 && !$0.isPartial }
        let names = (keys.filter(\.isPrimary) + keys).compactMap { $0.columns[0] }
        return names.compactMap(table.column).first { !$0.isGenerated }
    }

    func isUnique(_ column: String) -> Bool {
        table.keys.contains { $0.columns == [column] && !$0.isPartial }
    }

    /// Whether it is a flag: 0 or 1, or a type of its own for truth.
    func isFlag(_ column: SchemaColumn) -> Bool {
        guard [.boolean, .integer, .decimal].contains(column.kind) else { return false }
        return column.kind == .boolean || traits[column.name].map(\.isTruth) == true
    }

    func first(_ isMeant: (ColumnMeaning) -> Bool) -> SchemaColumn? {
        columns.first { !$0.isGenerated && isMeant(ColumnMeaning($0.name)) }
    }

    func flag(_ isMeant: (ColumnMeaning) -> Bool) -> SchemaColumn? {
        columns.first { isFlag($0) && !$0.isGenerated && isMeant(ColumnMeaning($0.name)) }
    }

    /// The column that says whose row it is, of the type of that account's key.
    func owner(in accounts: LookedTable) -> SchemaColumn? {
        guard let key = accounts.key else { return nil }
        return columns.first { column in
            ColumnMeaning(column.name).isOwner(in: accounts.meaning.words)
                && (column.kind == key.kind || [.integer, .decimal].contains(column.kind) && key.kind == .integer)
        }
    }
}
