public import PasswordHashing

/// The owner's own change from a browser: the same as ``ChangePassword``, and the calling session gets a new id and a new
/// secret (SEC-3), in the transaction that writes the password: whoever copied the cookie before is out as soon as the old
/// password is, and no failure leaves one without the other.
public struct ChangePasswordWithBrowser: Sendable {
    private let change: ChangePassword
    private let random: any RandomSource

    public init(change: ChangePassword, random: any RandomSource) {
        self.change = change
        self.random = random
    }

    /// - Returns: the session's new secret. Where somebody else ended the session meanwhile, it opens nothing.
    /// - Throws: what ``ChangePassword`` throws.
    public func callAsFunction(
        of caller: SignedIn, current: Password, new: Password, address: String?
    ) async throws -> SessionSecret {
        let secret = SessionSecret(random: random)
        _ = try await change(
            of: caller, current: current, new: new, address: address,
            renewal: KeptSession.Renewal(id: random.uuid(), secretHash: secret.hash))
        return secret
    }
}
