import Sparekey
import SparekeySQL

/// A page of accounts, found by indexes however many there are: those whose username begins with a text, in the order of
/// their folded usernames, and then those of whom only the e-mail does, in the order of their folded e-mails.
///
/// One order across both would mean to sort everybody who matches, or to read accounts until enough of them do.
struct AccountListing {
    /// Folded; empty finds everybody.
    let prefix: String
    /// What the page begins behind: a folded username; or, where somebody is searched for, a folded e-mail, which is told
    /// by its "@" and stands behind all usernames.
    let after: String?
    /// Accounts wanted.
    let limit: Int

    func page(_ connection: any SQLConnection) throws -> AccountPage {
        // One more than is wanted tells whether there is another page.
        var rows = try byUsername(limit + 1).map(connection.query) ?? []
        if rows.count <= limit, let statement = byEmail(limit + 1 - rows.count) {
            rows += try connection.query(statement)
        }
        let accounts = try rows.prefix(limit).map(AccountRow.account)
        return AccountPage(accounts: accounts, next: rows.count > limit ? accounts.last.map(place) : nil)
    }

    /// nil where the page begins among the e-mails.
    func byUsername(_ limit: Int) -> SQLStatement? {
        if beginsAmongEmails { return nil }
        return """
            SELECT \(part: AccountRow.columns) FROM account WHERE \(part: range(of: "username_key", behind: after))
            ORDER BY username_key LIMIT \(limit)
            """
    }

    /// nil where everybody is wanted. Whoever was found by the username is not found again.
    func byEmail(_ limit: Int) -> SQLStatement? {
        if prefix.isEmpty { return nil }
        return """
            SELECT \(part: AccountRow.columns) FROM account
            WHERE \(part: range(of: "email_key", behind: beginsAmongEmails ? after : nil))
              AND NOT (\(part: range(of: "username_key", behind: nil)))
            ORDER BY email_key LIMIT \(limit)
            """
    }

    private var beginsAmongEmails: Bool {
        !prefix.isEmpty && after?.contains("@") == true
    }

    /// One bound a side: of two, SQLite would begin at whichever is written first.
    private func range(of column: SQLStatement, behind after: String?) -> SQLStatement {
        // Byte by byte, as the database compares.
        let start = after.flatMap { $0.utf8.lexicographicallyPrecedes(prefix.utf8) ? nil : $0 }
        let begins: SQLStatement =
            if let start { "\(part: column) > \(start)" } else { "\(part: column) >= \(prefix)" }
        // Sorts behind every text that begins with the prefix.
        let end = prefix + "\u{10FFFF}"
        return "\(part: begins) AND \(part: column) < \(end)"
    }

    private func place(_ last: Account) -> String {
        let isByUsername = AccountName.fold(last.username).utf8.starts(with: prefix.utf8)
        return isByUsername ? last.username : last.email ?? last.username
    }
}
