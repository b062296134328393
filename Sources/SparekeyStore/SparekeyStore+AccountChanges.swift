public import Sparekey
import SparekeySQL

extension SparekeyStore {
    public func find(id: String) async throws -> Account? {
        try await database.transaction(.read) { connection in
            try connection.query("SELECT \(part: AccountRow.columns) FROM account WHERE id = \(id)").first
                .map(AccountRow.account)
        }
    }

    public func change(_ account: Account, to change: AccountChange, audit: AuditEvent) async throws {
        try await database.transaction(.write) { connection in
            try appendAudit(audit, connection)
            try Self.refuseTaken(
                username: change.username?.text, email: change.email?.text, except: account.id, connection)
            let username = change.username?.text ?? account.username
            let email = change.email?.text ?? account.email
            let changed = try connection.execute(
                """
                UPDATE account SET username = \(username), username_key = \(AccountName.fold(username)),
                  email = \(email.sqlValue), email_key = \(email.map(AccountName.fold).sqlValue),
                  display_name = \(change.displayName ?? account.displayName),
                  role = \((change.role ?? account.role).rawValue)
                WHERE id = \(account.id)
                """)
            guard changed == 1 else { throw Self.removedSince(account) }
            if username != account.username {
                try connection.execute("DELETE FROM sync_credential WHERE account_id = \(account.id)")
            }
            if change.role == .user { try Self.refuseLastAdministrator(account, connection) }
        }
    }

    public func remove(_ account: Account, audit: AuditEvent) async throws {
        try await database.transaction(.write) { connection in
            try appendAudit(audit, connection)
            // Foreign keys would cascade; said here, it holds for a database whose keys somebody switched off too.
            for table in ["session", "reset_token", "sync_credential", "password_history"] {
                try connection.execute("DELETE FROM \(identifier: table) WHERE account_id = \(account.id)")
            }
            try connection.execute(
                "UPDATE reset SET sealed_old = NULL, sealed_new = NULL WHERE account_id = \(account.id)")
            guard try connection.execute("DELETE FROM account WHERE id = \(account.id)") == 1 else {
                throw Self.removedSince(account)
            }
            try Self.refuseLastAdministrator(account, connection)
        }
    }

    /// Called after the change, in its transaction: throwing takes it back.
    static func refuseLastAdministrator(_ account: Account, _ connection: any SQLConnection) throws {
        guard account.role == .admin, account.isActive, try enabledAdministrators(connection) == 0 else { return }
        throw RecoveryError(
            .notAllowed, reason: "'\(account.username)' is the last enabled administrator",
            hint: "nothing was changed; add another administrator first: sparekey users add --admin")
    }

    static func enabledAdministrators(_ connection: any SQLConnection) throws -> Int {
        try connection.query(
            "SELECT id FROM account WHERE role = 'admin' AND active = 1 AND password_hash IS NOT NULL LIMIT 2"
        ).count
    }

    static func refuseTaken(
        username: String?, email: String?, except id: String, _ connection: any SQLConnection
    ) throws {
        if let username {
            let key = AccountName.fold(username)
            let holders = try connection.query("SELECT id FROM account WHERE username_key = \(key) AND id <> \(id)")
            guard holders.isEmpty else { throw taken("the username '\(username)' is taken") }
        }
        if let email {
            let key = AccountName.fold(email)
            let holders = try connection.query("SELECT id FROM account WHERE email_key = \(key) AND id <> \(id)")
            guard holders.isEmpty else { throw taken("an account with the e-mail '\(email)' exists") }
        }
    }

    private static func taken(_ reason: String) -> RecoveryError {
        RecoveryError(.taken, reason: reason, hint: "nothing was changed; sparekey users list shows the accounts")
    }

    private static func removedSince(_ account: Account) -> RecoveryError {
        RecoveryError(.unknownAccount, reason: "the account '\(account.username)' was removed meanwhile")
    }
}
