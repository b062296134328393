import Sparekey
import SparekeySQL

/// A page of accounts in the order of their folded usernames, found by indexes however many accounts there are.
struct AccountListing {
    /// Folded; nil or empty finds everybody.
    let prefix: String?
    /// Folded username that the page begins behind.
    let after: String?
    /// Rows wanted.
    let limit: Int

    /// E-mails that match more often than this are met soon when the accounts are read in order; rarer ones are
    /// collected by their index and sorted.
    private static let fewMatches = 10_000

    func rows(_ connection: any SQLConnection) throws -> [SQLRow] {
        guard let prefix, !prefix.isEmpty else { return try connection.query(page("1 = 1")) }
        // Sorts behind every text that begins with the prefix.
        let end = prefix + "\u{10FFFF}"
        let byUsername = try connection.query(page("username_key >= \(prefix) AND username_key < \(end)"))
        let byEmail = try connection.query(emailPage(prefix, end, connection))
        return try merged(byUsername, byEmail)
    }

    private func emailPage(_ prefix: String, _ end: String, _ connection: any SQLConnection) throws -> SQLStatement {
        let range: SQLStatement = "email_key >= \(prefix) AND email_key < \(end)"
        let matches = try connection.query(
            """
            SELECT count(*) AS n FROM (
              SELECT 1 FROM account WHERE \(part: range) LIMIT \(Self.fewMatches)) AS found
            """)
        if let count = try matches.first?.integer("n"), count < Self.fewMatches {
            return page("id IN (SELECT id FROM account WHERE \(part: range))")
        }
        // An expression instead of the column keeps both databases from the e-mail's index, and so from sorting.
        return page("(email_key || '') >= \(prefix) AND (email_key || '') < \(end)")
    }

    private func page(_ condition: SQLStatement) -> SQLStatement {
        let start: SQLStatement = after.map { " AND username_key > \($0)" } ?? ""
        return """
            SELECT username_key, \(part: AccountRow.columns) FROM account WHERE \(part: condition)\(part: start)
            ORDER BY username_key LIMIT \(limit)
            """
    }

    private func merged(_ one: [SQLRow], _ other: [SQLRow]) throws -> [SQLRow] {
        var rows: [String: SQLRow] = [:]
        for row in one + other { rows[try row.text("id")] = row }
        // The database compares keys byte by byte: so must this.
        let keyed = try rows.values.map { (Array(try $0.text("username_key").utf8), $0) }
        return keyed.sorted { $0.0.lexicographicallyPrecedes($1.0) }.prefix(limit).map(\.1)
    }
}
