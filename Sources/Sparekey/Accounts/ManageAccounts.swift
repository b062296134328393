public import PasswordHashing

/// What administrators do to accounts over the network: add, change, enable, disable, remove. Their own account they can
/// rename, and nothing else (SEC-15).
public struct ManageAccounts: Sendable {
    private let register: any AccountRegister
    private let addAccount: AddAccount
    private let accept: AcceptPassword
    private let allowsPasswords: Bool
    private let unlockAccount: UnlockAccount
    private let clock: any WallClock

    /// - Parameter allowsPasswords: the setting `allow_admin_passwords`; false lets nobody choose another's password.
    public init(
        register: any AccountRegister, addAccount: AddAccount, accept: AcceptPassword, unlockAccount: UnlockAccount,
        allowsPasswords: Bool, clock: any WallClock
    ) {
        self.register = register
        self.unlockAccount = unlockAccount
        self.allowsPasswords = allowsPasswords
        self.addAccount = addAccount
        self.accept = accept
        self.clock = clock
    }

    /// - Parameter password: nil for one that nobody ever sees, so that only a one-time link lets its owner in.
    /// - Throws: ``RecoveryError`` `malformed`, `notAllowed`, `taken` or `policy`.
    public func add(
        username: String, email: String?, displayName: String?, role: AccountRole, password: Password?,
        by administrator: ActingAdministrator
    ) async throws -> Account {
        try requireAllowed(password)
        let name = try Username(username)
        let email = try email.map { try EmailAddress($0) }
        let displayName = displayName.map { DisplayText($0, limit: 200).text } ?? name.text
        let accepted = try await accept(
            password, username: name.text, email: email?.text, displayName: displayName)
        return try await addAccount(
            AddAccount.Request(
                username: name, email: email, displayName: displayName, role: role, password: accepted,
                form: .usersAdd, forceChange: nil, domain: nil, actor: administrator.actor, reason: nil))
    }

    private func requireAllowed(_ password: Password?) throws {
        guard password != nil, !allowsPasswords else { return }
        throw RecoveryError(
            .notAllowed, reason: "this instance lets administrators choose no passwords (allow_admin_passwords)",
            hint: "leave the password out, then make a one-time link")
    }

    /// Changes what is given.
    ///
    /// - Returns: the account as it stands then.
    /// - Throws: ``RecoveryError`` `malformed`, `taken`, `ownAccount`, `notAllowed` for the last administrator.
    public func change(
        _ account: Account, username: String?, email: String?, displayName: String?, role: AccountRole?,
        active: Bool?, by administrator: ActingAdministrator
    ) async throws -> Account {
        if role != nil || active != nil { try administrator.requireOther(account) }
        let change = AccountChange(
            username: try username.map { try Username($0) }, email: try email.map { try EmailAddress($0) },
            displayName: displayName.map { DisplayText($0, limit: 200).text }, role: role,
            active: active == account.isActive ? nil : active)
        if !change.isEmpty {
            try await register.change(account, to: change, audit: events(change, account, administrator))
        }
        guard let changed = try await register.find(id: account.id) else {
            throw RecoveryError(.unknownAccount, reason: "the account was removed meanwhile")
        }
        return changed
    }

    public func remove(_ account: Account, by administrator: ActingAdministrator) async throws {
        try administrator.requireOther(account)
        try await register.remove(account, audit: event(.accountRemoved, account, administrator))
    }

    /// Lifts the limits that wrong tries have reached (RST-2).
    public func unlock(_ account: Account, by administrator: ActingAdministrator) async throws {
        try administrator.requireOther(account)
        _ = try await unlockAccount(
            account, actor: administrator.actor, reason: nil, proof: .administratorSession)
    }

    /// The limits that hold an account up at this moment.
    public func limits(of account: Account) async throws -> [ReachedLimit] {
        try await unlockAccount.reached(by: account)
    }

    /// Leaves the password as it is; its owner can do nothing but change it, from the next request on (PMX-2).
    public func requireChange(_ account: Account, by administrator: ActingAdministrator) async throws {
        try administrator.requireOther(account)
        guard !account.requirePasswordChange else { return }
        try await register.change(
            account,
            to: AccountChange(username: nil, email: nil, displayName: nil, role: nil, requiresChange: true),
            audit: [event(.changeRequired, account, administrator)])
    }

    /// A row for each of what is done: an inbox that looks for disabled accounts finds them by their action.
    private func events(
        _ change: AccountChange, _ account: Account, _ administrator: ActingAdministrator
    ) -> [AuditEvent] {
        let switched = change.active.map { $0 ? AuditEvent.Action.accountEnabled : .accountDisabled }
        return [change.describesNothing ? nil : .accountChanged, switched].compactMap(\.self)
            .map { event($0, account, administrator) }
    }

    private func event(
        _ action: AuditEvent.Action, _ account: Account, _ administrator: ActingAdministrator
    ) -> AuditEvent {
        AuditEvent(
            action, actor: administrator.actor, at: clock.now, account: account,
            proof: Proof.administratorSession.kind)
    }
}
