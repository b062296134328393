import SparekeySQL

/// One numbered step of the schema. Steps are only ever added; a step that has been released never changes.
struct Migration: Sendable {
    let number: Int64
    let statements: @Sendable (ColumnTypes) -> [SQLStatement]

    static let all: [Migration] = [
        .accountsAndJournal, .undoneResets, .sessions, .throttle, .resetCodes, .auditEpochs,
        .auditSearch, .tokenIssuers, .resetsInApps, .proofsForApps,
        .codesWithoutAccountIndex,
    ]

    /// The schema that this binary knows.
    static var newest: Int64 { Int64(all.count) }
}

/// The names of the types where SQLite and PostgreSQL differ.
struct ColumnTypes: Sendable {
    let blob: SQLStatement
    /// Text that is compared byte by byte, so that both databases put folded keys in the same order.
    let key: SQLStatement
    let isSQLite: Bool

    /// The address of an own directory names SQLite or PostgreSQL; another driver never gets here.
    static func refuse(_ dialect: SQLDialect) -> Never {
        preconditionFailure("the own directory is not kept in \(dialect)")
    }

    init(_ dialect: SQLDialect) {
        isSQLite = dialect == .sqlite
        switch dialect {
        case .sqlite:
            blob = "BLOB"
            key = "TEXT"
        case .postgreSQL:
            blob = "BYTEA"
            key = "TEXT COLLATE \"C\""
        case .mariaDB: Self.refuse(dialect)
        }
    }
}
