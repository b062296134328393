/// Which SQL a database speaks, where they differ.
public enum SQLDialect: Sendable {
    case sqlite
    case postgreSQL
    /// MariaDB, and MySQL where the two are alike. Programs' databases only: the own directory is never kept there.
    case mariaDB

    /// The mark around a name; doubled inside one (sqlite.org/lang_keywords.html; PostgreSQL's manual, 4.1.1; MariaDB's
    /// "Identifier Names"). MariaDB takes the double quote for a text unless told otherwise, so it gets its own.
    private var quote: String { self == .mariaDB ? "`" : "\"" }

    /// A name of a schema, table or column as part of a statement, whatever characters it holds.
    func quoted(_ name: String) -> String {
        quote + name.replacing(quote, with: quote + quote) + quote
    }

    /// Where the bound value with this number stands, from 1.
    func placeholder(_ number: Int) -> String {
        self == .postgreSQL ? "$\(number)" : "?"
    }
}
