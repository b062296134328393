public import PasswordHashing

/// Looks at how every account's password is stored, a page of accounts at a time. Hashes nothing but the marks.
public struct SurveyPasswords: Sendable {
    private let register: any HealthRegister
    /// Without the key nothing can be said about marks.
    private let key: InstanceKey?
    private let formats: HashFormats
    private let now: Timestamp
    private let pageSize: Int

    public init(
        register: any HealthRegister, key: InstanceKey?, formats: HashFormats = .standard, now: Timestamp,
        pageSize: Int = 500
    ) {
        self.register = register
        self.key = key
        self.formats = formats
        self.now = now
        self.pageSize = pageSize
    }

    /// - Parameter progress: told after each page how many accounts were looked at.
    public func callAsFunction(progress: (Int) -> Void = { _ in }) async throws -> [HealthCheck] {
        var found = Findings()
        var after: String?
        while true {
            let page = try await register.credentials(after: after, limit: pageSize)
            for state in page { examine(state, &found) }
            progress(found.accounts)
            guard page.count == pageSize, let last = page.last else { break }
            after = last.usernameKey
        }
        return [withoutPassword(found), expired(found), unreadable(found), weak(found)] + changedOutside(found)
    }

    private struct Findings {
        var accounts = 0
        var withoutPassword = ConcernedAccounts()
        var expired = ConcernedAccounts()
        var unreadable = ConcernedAccounts()
        var weak = ConcernedAccounts()
        var changedOutside = ConcernedAccounts()
    }

    private func examine(_ state: CredentialState, _ found: inout Findings) {
        found.accounts += 1
        guard state.passwordHash != .null else {
            if state.isActive { found.withoutPassword.add(state.username) }
            return
        }
        if state.requiresChange, let expiry = state.expiresAt, expiry <= now { found.expired.add(state.username) }
        if !isOurs(state) { found.changedOutside.add(state.username) }
        guard case .text(let hash) = state.passwordHash, let format = formats.identify(hash) else {
            return found.unreadable.add(state.username)
        }
        if isWeak(hash, format) { found.weak.add(state.username) }
    }

    private func isOurs(_ state: CredentialState) -> Bool {
        guard let key else { return true }
        guard case .text(let hash) = state.passwordHash, case .bytes(let mark) = state.passwordMark
        else { return false }
        return mark == key.witness(of: hash, account: state.accountID)
    }

    private func isWeak(_ hash: String, _ format: any HashFormat) -> Bool {
        guard format.canMake, let cost = try? format.recommendedCost else { return true }
        return format.needsRehash(hash, to: cost)
    }
}

// MARK: - What is said

extension SurveyPasswords {
    private func withoutPassword(_ found: Findings) -> HealthCheck {
        let name = "passwords"
        let accounts = found.withoutPassword
        guard accounts.count > 0 else { return .ok(name, "every enabled account has one (\(found.accounts) in all)") }
        return HealthCheck(
            name, .warning, "\(accounts.number) cannot sign in, having no password: \(accounts.text)",
            remedy: "sparekey reset-password ACCOUNT gives one, or disable the account")
    }

    private func expired(_ found: Findings) -> HealthCheck {
        let name = "temporary passwords"
        let accounts = found.expired
        guard accounts.count > 0 else { return .ok(name, "none has expired") }
        return HealthCheck(
            name, .warning, "\(accounts.number) with a temporary password that has expired: \(accounts.text)",
            remedy: "sparekey reset-password ACCOUNT gives a new one")
    }

    private func unreadable(_ found: Findings) -> HealthCheck {
        let name = "password hashes"
        let accounts = found.unreadable
        guard accounts.count > 0 else { return .ok(name, "all are in a known format") }
        return HealthCheck(
            name, .wrong, "\(accounts.number) cannot sign in: what is stored is no password hash: \(accounts.text)",
            remedy: "sparekey reset-password ACCOUNT; by SQL only what sparekey hash make printed may be stored")
    }

    private func weak(_ found: Findings) -> HealthCheck {
        let name = "hash cost"
        let accounts = found.weak
        guard accounts.count > 0 else { return .ok(name, "every hash costs at least what is recommended") }
        return HealthCheck(
            name, .warning, "\(accounts.number) with a hash that costs a thief less than is recommended today",
            remedy: "a reset replaces the hash; change these passwords when you can")
    }

    private func changedOutside(_ found: Findings) -> [HealthCheck] {
        guard key != nil else { return [] }
        let name = "changed outside"
        let accounts = found.changedOutside
        guard accounts.count > 0 else { return [.ok(name, "every password was set by Sparekey")] }
        return [
            HealthCheck(
                name, .warning, "\(accounts.number) with a password changed outside Sparekey: \(accounts.text)",
                remedy: "if it was not you, somebody else can write the database: reset these, and find out who")
        ]
    }
}
