extension Proof {
    /// An administrator's session that began within the last ten minutes (SEC-15), acting on somebody else's account.
    public static let administratorSession = Proof(kind: "administrator")
}

/// An administrator who may act on other people's accounts now: the only way to the flows that do.
///
/// It is made of a session that began a short while ago, so that a forgotten browser does not reset anybody, and it
/// never reaches the administrator's own account: nobody approves, reveals or resets their own (SEC-15).
public struct ActingAdministrator: Sendable {
    /// How long a sign-in entitles to act.
    public static let freshness = Duration.seconds(600)

    public let account: Account
    public let actor: Actor

    /// - Throws: ``RecoveryError`` `notAllowed` for anybody but an administrator, `signInTooOld` when the session began
    ///   more than ten minutes ago.
    public init(_ caller: SignedIn, address: String?, now: Timestamp) throws {
        guard caller.account.role == .admin, !caller.account.requirePasswordChange else {
            throw RecoveryError(.notAllowed, reason: "only an administrator may do this")
        }
        guard caller.isFresh(at: now) else {
            throw RecoveryError(
                .signInTooOld, reason: "this needs a sign-in within the last 10 minutes",
                hint: "sign in again, then repeat it")
        }
        account = caller.account
        actor = .administrator(caller.account, address: address)
    }

    /// - Throws: ``RecoveryError`` `ownAccount` where the account is the administrator's own.
    public func requireOther(_ other: Account) throws {
        guard other.id != account.id else {
            throw RecoveryError(
                .ownAccount, reason: "an administrator cannot do this to their own account",
                hint: "change your own password instead, or ask another administrator")
        }
    }
}

extension SignedIn {
    /// Whether the sign-in is recent enough to act on other people's accounts (``ActingAdministrator/freshness``).
    public func isFresh(at now: Timestamp) -> Bool { now < session.createdAt + ActingAdministrator.freshness }
}
