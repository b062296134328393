extension Proof {
    /// An administrator's session that began within the last ten minutes (SEC-15), acting on somebody else's account.
    public static let administratorSession = Proof(kind: "administrator")
}

/// An administrator who may act on other people's accounts now: the only way to the flows that do.
///
/// It stands for one act, which is charged, and is made by ``AdmitAdministrator`` alone. It never reaches the
/// administrator's own account: nobody approves, reveals or resets their own (SEC-15).
public struct ActingAdministrator: Sendable {
    /// How long a sign-in entitles to act.
    public static let freshness = Duration.seconds(600)

    public let account: Account
    public let actor: Actor

    fileprivate init(_ caller: SignedIn, address: String?) {
        account = caller.account
        actor = .administrator(caller.account, address: address)
    }

    /// - Throws: ``RecoveryError`` `ownAccount` where the account is the administrator's own.
    public func requireOther(_ other: Account) throws {
        if other.id == account.id { throw RecoveryError.own }
    }
}

/// Lets an administrator do one act: the one place where acts on other people's accounts begin.
public struct AdmitAdministrator: Sendable {
    private let resume: ResumeSession
    private let chargeTry: ChargeTry
    private let clock: any WallClock

    public init(resume: ResumeSession, chargeTry: ChargeTry, clock: any WallClock) {
        self.resume = resume
        self.chargeTry = chargeTry
        self.clock = clock
    }

    /// Looks the session up once more, because time has passed since the request came in, and charges the act to the
    /// administrator's budget: generously, for a session that fell into wrong hands and not for a person. Costs one indexed
    /// read and one small write transaction.
    ///
    /// - Throws: ``RecoveryError`` `sessionOver`, `notAllowed` for anybody but an administrator, `signInTooOld` when the
    ///   session began more than ten minutes ago, `throttled`.
    public func callAsFunction(_ caller: SignedIn, address: String?) async throws -> ActingAdministrator {
        guard let present = try await resume.again(caller) else {
            throw RecoveryError(.sessionOver, reason: "the session is over", hint: "sign in again")
        }
        try present.requireMayAct(at: clock.now)
        if let error = try await chargeTry.administrator(present.account, address: address).error { throw error }
        return ActingAdministrator(present, address: address)
    }
}

extension SignedIn {
    /// Whether the sign-in is recent enough to act on other people's accounts (``ActingAdministrator/freshness``).
    public func isFresh(at now: Timestamp) -> Bool { now < session.createdAt + ActingAdministrator.freshness }

    /// For what only shows the way to an act.
    ///
    /// - Throws: ``RecoveryError`` `notAllowed`, `signInTooOld`.
    public func requireMayAct(at now: Timestamp) throws {
        guard account.role == .admin, !account.requirePasswordChange else {
            throw RecoveryError(.notAllowed, reason: "only an administrator may do this")
        }
        guard isFresh(at: now) else {
            throw RecoveryError(
                .signInTooOld, reason: "this needs a sign-in within the last 10 minutes",
                hint: "sign in again, then repeat it")
        }
    }

    /// - Throws: ``RecoveryError`` `ownAccount`.
    public func requireOther(_ other: Account) throws {
        if other.id == account.id { throw RecoveryError.own }
    }
}

extension RecoveryError {
    fileprivate static let own = RecoveryError(
        .ownAccount, reason: "an administrator cannot do this to their own account",
        hint: "change your own password instead, or ask another administrator")
}

extension RecoveryError.Code {
    /// The session ended between the request and the act.
    public static let sessionOver = RecoveryError.Code("sessionOver")
}
