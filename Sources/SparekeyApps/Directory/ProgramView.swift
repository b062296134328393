import Sparekey
import SparekeySQL

/// A program's accounts inside one transaction, whose schema was held against the profile first.
struct ProgramView {
    let profile: Profile
    /// By the place's number in the profile.
    let tables: [Int: AccountTable]

    /// Three questions for each table that the profile names.
    ///
    /// - Throws: ``AppsError`` `misfit`, naming the first column that is not as it should be.
    init(_ profile: Profile, _ connection: any SQLConnection) throws {
        let schema = try FoundSchema(connection, wanted: profile.tablesNamed)
        let fit = ProfileFit(profile, in: schema)
        guard let first = fit.mismatches.first else {
            self.profile = profile
            tables = Self.tables(profile, schema, connection)
            return
        }
        let more = fit.mismatches.count > 1 ? " (and \(fit.mismatches.count - 1) more)" : ""
        throw AppsError(
            .misfit,
            reason:
                "the database is not \(profile.title) as the profile \(profile.reference) has it: \(first.words)\(more)",
            hint: "nothing was changed; sparekey apps check says all that differs, sparekey apps show \(profile.name) "
                + "which versions it is for")
    }

    /// Of a program that has a file and no database.
    init(withoutTables profile: Profile) {
        self.profile = profile
        tables = [:]
    }

    private static func tables(
        _ profile: Profile, _ schema: FoundSchema, _ connection: any SQLConnection
    ) -> [Int: AccountTable] {
        var tables: [Int: AccountTable] = [:]
        for (number, place) in profile.accounts.enumerated() {
            guard case .table(let name) = place.store, let home = schema.tables[name] else { continue }
            tables[number] = AccountTable(place: place, home: home, schema: schema, connection: connection)
        }
        return tables
    }

    /// The account in every place that knows it; nil where one of its rows is gone.
    func rows(_ id: ProgramAccountID, lock: Bool = false) throws -> [Int: AccountTable.Row]? {
        var rows: [Int: AccountTable.Row] = [:]
        for part in id.parts {
            guard let table = tables[part.place] else { continue }
            guard let row = try table.row(part.row, lock: lock) else { return nil }
            rows[part.place] = row
        }
        return rows
    }

    /// Lets happen what is put off to the commit. Only PostgreSQL puts off triggers.
    func bringForward() throws {
        guard let connection = tables.values.first?.connection, connection.dialect == .postgreSQL else { return }
        try connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    }

    func columns(_ rows: [Int: AccountTable.Row]) throws -> StoredColumns {
        var values: [String: Sparekey.StoredValue] = [:]
        for (number, row) in rows { values.merge(try tables[number]?.read(row) ?? [:]) { $1 } }
        return StoredColumns(values)
    }
}
