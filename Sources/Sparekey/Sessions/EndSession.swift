/// Ends one of a person's own sessions: the calling one (sign-out), or another.
public struct EndSession: Sendable {
    private let sessions: any SessionRegister
    private let clock: any WallClock

    public init(sessions: any SessionRegister, clock: any WallClock) {
        self.sessions = sessions
        self.clock = clock
    }

    /// - Returns: false where the account has no session of that id.
    @discardableResult
    public func callAsFunction(_ id: String, of account: Account, address: String?) async throws -> Bool {
        try await sessions.end(
            session: id, of: account,
            audit: AuditEvent(
                .signedOut, actor: .owner(account, address: address), at: clock.now, account: account))
    }

    /// Ends every session of somebody but the one they call from.
    public func others(than caller: SignedIn, address: String?) async throws {
        try await sessions.endAll(
            of: caller.account, except: caller.session.id,
            audit: AuditEvent(
                .signedOut, actor: .owner(caller.account, address: address), at: clock.now, account: caller.account))
    }

    /// Ends every session of somebody else.
    ///
    /// - Throws: ``RecoveryError`` `ownAccount`.
    public func all(of account: Account, by administrator: ActingAdministrator) async throws {
        try administrator.requireOther(account)
        try await sessions.endAll(
            of: account, except: nil,
            audit: AuditEvent(
                .signedOut, actor: administrator.actor, at: clock.now, account: account,
                proof: Proof.administratorSession.kind))
    }
}
