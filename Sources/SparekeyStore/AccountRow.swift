import Sparekey
import SparekeySQL

/// How an account stands in its row.
enum AccountRow {
    static let columns: SQLStatement = """
        id, username, email, display_name, role, active, require_password_change, password_expires_at, created_at,
        last_sign_in_at, CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password
        """

    /// The same where the account's table is joined under another name.
    static func columns(of table: SQLStatement) -> SQLStatement {
        """
        \(part: table).id, \(part: table).username, \(part: table).email, \(part: table).display_name,
        \(part: table).role, \(part: table).active, \(part: table).require_password_change,
        \(part: table).password_expires_at, \(part: table).created_at, \(part: table).last_sign_in_at,
        CASE WHEN \(part: table).password_hash IS NULL THEN 0 ELSE 1 END AS has_password
        """
    }

    static func account(_ row: SQLRow) throws -> Account {
        guard let role = AccountRole(rawValue: try row.text("role")) else {
            throw StoreError(.damaged, reason: "an account has a role that does not exist")
        }
        return Account(
            id: try row.text("id"), username: try row.text("username"), email: try row.optionalText("email"),
            displayName: try row.text("display_name"), role: role, isActive: try row.bool("active"),
            requirePasswordChange: try row.bool("require_password_change"),
            passwordExpiresAt: try row.optionalInteger("password_expires_at").map(Timestamp.init(microseconds:)),
            hasPassword: try row.bool("has_password"),
            createdAt: Timestamp(microseconds: try row.integer("created_at")),
            lastSignInAt: try row.optionalInteger("last_sign_in_at").map(Timestamp.init(microseconds:)))
    }
}
