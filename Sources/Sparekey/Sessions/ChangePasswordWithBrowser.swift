public import PasswordHashing

/// The owner's own change from a browser: the same as ``ChangePassword``, and the calling session gets a new id and a new
/// secret (SEC-3), so that whoever copied the cookie before is out.
public struct ChangePasswordWithBrowser: Sendable {
    private let change: ChangePassword
    private let sessions: any SessionRegister
    private let random: any RandomSource

    public init(change: ChangePassword, sessions: any SessionRegister, random: any RandomSource) {
        self.change = change
        self.sessions = sessions
        self.random = random
    }

    /// - Returns: the session's new secret; nil where the session was ended meanwhile by somebody else.
    /// - Throws: what ``ChangePassword`` throws.
    public func callAsFunction(
        of caller: SignedIn, current: Password, new: Password, address: String?
    ) async throws -> SessionSecret? {
        _ = try await change(of: caller, current: current, new: new, address: address)
        let secret = SessionSecret(random: random)
        let isThere = try await sessions.renew(
            session: caller.session.id, of: caller.account, id: random.uuid(), secretHash: secret.hash)
        return isThere ? secret : nil
    }
}
