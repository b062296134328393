public import Sparekey
import SparekeySQL

extension SparekeyStore {
    public func find(id: String) async throws -> Account? {
        // No database keeps it, and so no id holds it.
        guard !id.contains("\0") else { return nil }
        return try await database.transaction(.read) { connection in
            try connection.query("SELECT \(part: AccountRow.columns) FROM account WHERE id = \(id)").first
                .map(AccountRow.account)
        }
    }

    public func change(_ account: Account, to change: AccountChange, audit: [AuditEvent]) async throws {
        let id = account.id
        try await database.transaction(.write) { connection in
            for event in audit { try appendAudit(event, connection) }
            try Self.protectingAdministrators(account, connection) {
                try Self.refuseTaken(
                    username: change.username?.text, email: change.email?.text, except: id, connection)
                guard try connection.execute("UPDATE account SET role = role WHERE id = \(id)") == 1 else {
                    throw Self.removedSince(account)
                }
                for assignment in Self.assignments(change) {
                    try connection.execute("UPDATE account SET \(part: assignment) WHERE id = \(id)")
                }
                if change.username != nil {
                    try connection.execute("DELETE FROM sync_credential WHERE account_id = \(id)")
                }
                if change.active == false {
                    try connection.execute("DELETE FROM session WHERE account_id = \(id)")
                }
                if change.active == false || change.role == .user { try Self.voidIssued(by: id, connection) }
                try Self.announce(accountID: id, connection)
            }
        }
    }

    /// Only what is given: another change of the same account at the same time keeps its own columns.
    private static func assignments(_ change: AccountChange) -> [SQLStatement] {
        let username = change.username.map { name -> SQLStatement in
            "username = \(name.text), username_key = \(AccountName.fold(name.text))"
        }
        let email = change.email.map { email -> SQLStatement in
            "email = \(email.text), email_key = \(AccountName.fold(email.text))"
        }
        let displayName = change.displayName.map { name -> SQLStatement in "display_name = \(name)" }
        let role = change.role.map { role -> SQLStatement in "role = \(role.rawValue)" }
        let active = change.active.map { active -> SQLStatement in "active = \(active)" }
        let flag: SQLStatement? = change.requiresChange ? "require_password_change = 1" : nil
        return [username, email, displayName, role, active, flag].compactMap(\.self)
    }

    public func remove(_ account: Account, audit: AuditEvent) async throws {
        try await database.transaction(.write) { connection in
            try appendAudit(audit, connection)
            try Self.protectingAdministrators(account, connection) {
                // Foreign keys would cascade; said here, it holds where somebody switched them off too.
                for table in [
                    "session", "reset_token", "reset_code", "reset_request", "code_tries", "sync_credential",
                    "password_history",
                ] {
                    try connection.execute("DELETE FROM \(identifier: table) WHERE account_id = \(account.id)")
                }
                try Self.voidIssued(by: account.id, connection)
                try clearThrottle(accountID: account.id, names: account.names, connection)
                try connection.execute(
                    "UPDATE reset SET sealed_old = NULL, sealed_new = NULL WHERE account_id = \(account.id)")
                guard try connection.execute("DELETE FROM account WHERE id = \(account.id)") == 1 else {
                    throw Self.removedSince(account)
                }
                try Self.announce(accountID: account.id, connection)
            }
        }
    }

    /// Runs `change`, and takes it back by throwing where it leaves no enabled administrator of those there were. Call it
    /// after ``appendAudit(_:_:)``, whose lock lets one such change at a time through.
    static func protectingAdministrators(
        _ account: Account, _ connection: any SQLConnection, _ change: () throws -> Void
    ) throws {
        let before = try enabledAdministrators(connection)
        try change()
        guard before > 0, try enabledAdministrators(connection) == 0 else { return }
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
