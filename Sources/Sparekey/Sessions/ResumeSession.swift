/// Finds who a session secret stands for, at every request: one indexed read, and nothing is kept in memory, so that a
/// session that was ended on any server is ended here.
public struct ResumeSession: Sendable {
    private let sessions: any SessionRegister
    private let limits: SessionLimits
    private let clock: any WallClock

    public init(sessions: any SessionRegister, limits: SessionLimits, clock: any WallClock) {
        self.sessions = sessions
        self.limits = limits
        self.clock = clock
    }

    /// - Parameter isUse: false where nobody does anything, so that the session's idle time goes on.
    /// - Returns: nil for a secret that is nobody's, a session whose time is over, a disabled account, and one whose
    ///   temporary password has expired (SEC-9).
    public func callAsFunction(_ secret: SessionSecret, isUse: Bool = true) async throws -> SignedIn? {
        let now = clock.now
        guard let found = try await sessions.find(secretHash: secret.hash), isGood(found, now: now) else { return nil }
        if isUse, found.session.lastUsedAt + SessionLimits.touchEvery < now {
            try await sessions.touch(found.session, now: now)
        }
        return found
    }

    /// The same session and its account as they stand now, for whoever was signed in a moment ago; nil where that is over.
    func again(_ caller: SignedIn) async throws -> SignedIn? {
        try await sessions.find(session: caller.session.id).flatMap { isGood($0, now: clock.now) ? $0 : nil }
    }

    /// Removes sessions that can no longer be resumed. Returns how many.
    public func removeEnded() async throws -> Int {
        let now = clock.now
        return try await sessions.removeSessions(
            created: now + (.zero - limits.absolute), used: now + (.zero - limits.idle))
    }

    private func isGood(_ found: SignedIn, now: Timestamp) -> Bool {
        isAlive(found.session, now: now) && found.account.maySignIn(at: now)
    }

    /// A session from the future is not alive either: a clock that was set back must not lengthen it.
    private func isAlive(_ session: SessionRecord, now: Timestamp) -> Bool {
        now < session.createdAt + limits.absolute && now < session.lastUsedAt + limits.idle
            && session.createdAt < now + .seconds(60)
    }
}

extension Account {
    /// Whether its password, being right, signs in: enabled, and not an expired temporary one (SEC-9).
    public func maySignIn(at now: Timestamp) -> Bool {
        guard isActive, hasPassword else { return false }
        guard let passwordExpiresAt else { return true }
        return now < passwordExpiresAt
    }
}
