import PasswordHashing
import SparekeySQL

/// How many accounts there are in one place, and in which formats their passwords are stored. Holds no stored value.
public struct AccountSurvey: Sendable, Hashable {
    /// What is stored for one credential, in the rows that were looked at.
    public struct Stored: Sendable, Hashable {
        public struct Format: Sendable, Hashable {
            public let name: String
            public let rows: Int
        }

        /// The credential's name: `password`.
        public let name: String
        /// How many rows were looked at, at most ``AccountSurvey/mostValues``.
        public let rows: Int
        /// By name; those that occur.
        public let formats: [Format]
        /// Rows without a value.
        public let empty: Int
        /// Rows with a value of no format that the profile reads.
        public let unknown: Int
    }

    public let table: String
    /// `the table users`
    public let place: String
    /// At most ``mostAccounts``.
    public let accounts: Int
    /// Whether there are more.
    public let isMore: Bool
    public let credentials: [Stored]

    /// Counting ends here.
    public static let mostAccounts = 100_000
    /// So many stored values are looked at.
    public static let mostValues = 1_000
}

extension AccountSurvey {
    /// Asks for the accounts of `place`, whose columns fit. Reads stored values and keeps none.
    init?(_ place: AccountPlace, _ schema: FoundSchema, _ connection: any SQLConnection) throws {
        guard case .table(let name) = place.store, let table = schema.tables[name] else { return nil }
        let found = try connection.query(
            """
            SELECT COUNT(*) AS number FROM (SELECT 1 AS one FROM \(table: table.table.name)
            WHERE \(part: table.all(place.only)) LIMIT \(part: .number(Self.mostAccounts + 1))) AS bounded
            """)
        let count = Int(try found.first?.integer("number") ?? 0)
        self.table = name
        self.place = place.store.words
        accounts = min(count, Self.mostAccounts)
        isMore = count > Self.mostAccounts
        credentials = try place.credentials.compactMap { credential in
            let home = credential.table.map { schema.tables[$0.table] } ?? table
            let only = credential.table?.only ?? place.only
            return try home.map { try Stored(credential, in: $0, only: only, connection) }
        }
    }
}

extension AccountSurvey.Stored {
    fileprivate init(
        _ credential: Credential, in table: FoundSchema.Table, only: [Condition], _ connection: any SQLConnection
    ) throws {
        let fields = credential.columns.sorted { $0.key.rawValue < $1.key.rawValue }
        let columns = fields.map { part, field -> SQLStatement in
            // A longer value is none of a password's, and a thousand of them would fill the memory.
            let whole: SQLStatement = "\(identifier: field.column)"
            let value = field.encoding == .integer ? whole : table.column(field.column)?.prefix(4097) ?? whole
            return "\(part: value) AS \(identifier: part.rawValue)"
        }
        let rows = try connection.query(
            """
            SELECT \(part: .joined(columns, by: ", ")) FROM \(table: table.table.name)
            WHERE \(part: table.all(only)) LIMIT \(part: .number(AccountSurvey.mostValues))
            """)
        self.init(
            credential,
            of: rows.map { row in
                StoredCredential(credential.columns.keys.reduce(into: [:]) { $0[$1] = row.stored($1) })
            })
    }

    init(_ credential: Credential, of values: [StoredCredential]) {
        var counts: [String: Int] = [:]
        var (empty, unknown) = (0, 0)
        for stored in values {
            if stored[.hash]?.isEmpty != false {
                empty += 1
            } else if let format = CredentialFormats.standard.identify(stored, among: credential.reads) {
                counts[format.name, default: 0] += 1
            } else {
                unknown += 1
            }
        }
        self.init(
            name: credential.name, rows: values.count,
            formats: counts.sorted { $0.key < $1.key }.map { Format(name: $0.key, rows: $0.value) }, empty: empty,
            unknown: unknown)
    }
}

extension SQLRow {
    fileprivate func stored(_ part: StoredCredential.Field) -> String? {
        switch self[part.rawValue] {
        case .text(let text): text
        case .blob(let bytes): String(validating: bytes, as: UTF8.self) ?? "\u{FFFD}"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .null: nil
        }
    }
}
