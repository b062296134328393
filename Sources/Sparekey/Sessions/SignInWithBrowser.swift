/// A sign-in whose session a browser keeps in a cookie: whoever was signed in there before is not any more, and the browser
/// is known again at its next sign-in (SEC-1).
public struct SignInWithBrowser: Sendable {
    private let signIn: SignIn
    private let endSession: EndSession
    private let key: InstanceKey
    private let random: any RandomSource

    public init(signIn: SignIn, endSession: EndSession, key: InstanceKey, random: any RandomSource) {
        self.signIn = signIn
        self.endSession = endSession
        self.key = key
        self.random = random
    }

    /// - Parameter leaving: the session that the browser held until now, which ends.
    /// - Returns: the session, and the device's mark: the present one where it is genuine, so that nobody collects budgets.
    /// - Throws: what ``SignIn`` throws; then nothing has ended.
    public func callAsFunction(
        _ attempt: SignInAttempt, leaving: SignedIn?
    ) async throws -> (begun: BegunSession, device: DeviceToken) {
        let begun = try await signIn(attempt)
        if let leaving {
            try await endSession(leaving.session.id, of: leaving.account, address: attempt.address)
        }
        let account = begun.account.id
        if let device = attempt.token, device.isGenuine(for: account, key: key) { return (begun, device) }
        return (begun, .issued(to: account, key: key, random: random))
    }
}
