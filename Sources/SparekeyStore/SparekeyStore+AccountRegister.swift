public import Sparekey
import SparekeySQL

extension SparekeyStore: AccountRegister {
    public var app: AppReference? { nil }
    public var decisiveColumns: Set<String> { Set(OwnColumn.all) }

    public func isTemporary(_ columns: StoredColumns) -> (requiresChange: Bool, expiresAt: Timestamp?) {
        var expiry: Timestamp?
        if case .integer(let microseconds) = columns[OwnColumn.expiresAt] {
            expiry = Timestamp(microseconds: microseconds)
        }
        return (columns[OwnColumn.requireChange] == .integer(1), expiry)
    }

    public func find(_ name: AccountName) async throws -> Account? {
        try await database.query(Self.lookUp(name)).first.map(AccountRow.account)
    }

    public func find(_ names: [AccountName]) async throws -> [Account?] {
        try await database.transaction(.read) { connection in
            try names.map { try connection.query(Self.lookUp($0)).first.map(AccountRow.account) }
        }
    }

    private static func lookUp(_ name: AccountName) -> SQLStatement {
        let condition: SQLStatement =
            switch name.kind {
            case .username: "username_key = \(name.key)"
            case .email: "email_key = \(name.key)"
            }
        return "SELECT \(part: AccountRow.columns) FROM account WHERE \(part: condition)"
    }

    public func read(_ account: Account) async throws -> StoredColumns? {
        try await database.transaction(.read) { try CredentialColumns.read(account: account.id, $0) }
    }

    public func passwordHistory(of account: Account, limit: Int) async throws -> [String] {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT password_hash FROM password_history WHERE account_id = \(account.id)
                ORDER BY replaced_at DESC LIMIT \(limit)
                """
            ).map { try $0.text("password_hash") }
        }
    }

    public func list(search: String?, after: String?, limit: Int) async throws -> AccountPage {
        let listing = AccountListing(
            prefix: search.map(AccountName.fold) ?? "", after: after.map(AccountName.fold), limit: limit)
        return try await database.transaction(.read) { try listing.page($0) }
    }

    public func count(upTo limit: Int) async throws -> Int {
        try await database.transaction(.read) { connection in
            try connection.query("SELECT id FROM account LIMIT \(limit)").count
        }
    }

    public func hasEnabledAdministrator() async throws -> Bool {
        try await database.transaction(.read) { try Self.enabledAdministrators($0) > 0 }
    }

    public func add(_ new: NewAccount, onlyWithoutAdministrator: Bool, audit: AuditEvent) async throws {
        try await database.transaction(.write) { connection in
            // The audit counter's row is locked first: on PostgreSQL it lets one set-up at a time through.
            try appendAudit(audit, connection)
            if onlyWithoutAdministrator, try Self.enabledAdministrators(connection) > 0 {
                throw RecoveryError(
                    .notAllowed, reason: "there is already an administrator",
                    hint: "sparekey users list shows the accounts; sparekey reset-password sets a new password")
            }
            try Self.endSetUp(new.setUpLink, at: audit.at, connection)
            try Self.refuseTaken(
                username: new.account.username, email: new.account.email, except: new.account.id, connection)
            try Self.insert(new.account, connection)
            guard try CredentialColumns.write(new.credentials, account: new.account.id, connection) else {
                preconditionFailure("the row was inserted in this transaction")
            }
            if let domain = new.domain { try StoreSchema.setMeta("domain", domain, connection) }
        }
    }

    public func setActive(_ active: Bool, account: Account, audit: AuditEvent) async throws -> Bool {
        do {
            try await database.transaction(.write) { connection in
                try appendAudit(audit, connection)
                try Self.protectingAdministrators(account, connection) {
                    let changed = try connection.execute(
                        "UPDATE account SET active = \(active) WHERE id = \(account.id) AND active = \(!active)")
                    guard changed == 1 else { throw Unchanged() }
                    if !active {
                        try connection.execute("DELETE FROM session WHERE account_id = \(account.id)")
                        try Self.voidIssued(by: account.id, connection)
                    }
                    try Self.announce(accountID: account.id, connection)
                }
            }
            return true
        } catch is Unchanged {
            return false
        }
    }

    private static func insert(_ account: Account, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO account (id, username, username_key, email, email_key, display_name, role, active,
              require_password_change, created_at)
            VALUES (\(account.id), \(account.username), \(AccountName.fold(account.username)), \(account.email.sqlValue),
              \(account.email.map(AccountName.fold).sqlValue), \(account.displayName), \(account.role.rawValue),
              \(account.isActive), 0, \((account.createdAt?.microseconds).sqlValue))
            """)
    }
}

/// Nothing was to be changed: rolls the transaction, and with it the audit row, back.
private struct Unchanged: Error {}
