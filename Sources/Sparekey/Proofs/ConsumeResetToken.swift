public import PasswordHashing

extension Proof {
    static let tokenKind = "token"

    /// A reset token, spent by the reset that it proves.
    ///
    /// - Parameter spentFrom: the consumer's address, where `tokens.keep_address` asks for it.
    public static func token(_ id: String, spentFrom: String? = nil) -> Proof {
        Proof(kind: tokenKind, id: id, spentFrom: spentFrom)
    }
}

/// Sets a new password by a reset token (LST-2, LST-3). Signs nobody in (SEC-3).
///
/// The own directory's rules that need no account are judged before the token is looked at, within the address's limit of new
/// passwords, so that a refused password neither spends it nor tells whether it is right; a token says by itself which app it
/// is for, so an app's own rules come after it. A token whose account is disabled is refused like any
/// other, and stays unspent: whoever disabled an account meant that its person can change nothing about it (NEX-4 gives them
/// no code either), while the operator, whom RST-2 lets reset it, has a shell. A token whose issuer is no enabled
/// administrator any more is nobody's: what a demotion takes away is also what was kept of it.
public struct ConsumeResetToken: Sendable {
    public struct Request: Sendable {
        /// As it was pasted or posted.
        public let token: String
        public let password: Password
        public let address: String?

        public init(token: String, password: Password, address: String?) {
            self.token = token
            self.password = password
            self.address = address
        }
    }

    private let tokens: any ResetTokenRegister
    private let limits: TryLimits
    private let directories: any RecoverableDirectories
    private let hasher: any PasswordHasher
    private let key: InstanceKey
    private let keepsAddress: Bool
    private let clock: any WallClock

    /// - Parameter keepsAddress: the setting `tokens.keep_address`.
    public init(
        tokens: any ResetTokenRegister, limits: TryLimits, directories: any RecoverableDirectories,
        hasher: any PasswordHasher, key: InstanceKey, keepsAddress: Bool, clock: any WallClock
    ) {
        self.tokens = tokens
        self.limits = limits
        self.directories = directories
        self.hasher = hasher
        self.key = key
        self.keepsAddress = keepsAddress
        self.clock = clock
    }

    /// Costs one indexed look-up for a token that nobody issued, and one run of Argon2id and a reset for a right one.
    ///
    /// - Throws: ``RecoveryError`` `policy` (the token stays good), `invalidToken`, `throttled`, or what a reset throws.
    public func callAsFunction(_ request: Request) async throws -> ResetReport {
        try await limits.admitNewPassword(from: request.address)
        try directories.named(nil).accept.judge.screenAlone(request.password)
        let (stored, holder) = try await holder(of: request.token, address: request.address)
        let account = holder.account
        let password = try await holder.place.accept(request.password, for: account)
        do {
            return try await holder.place(
                ResetRequest(
                    account: account, password: password, form: .token,
                    proof: .token(stored.id, spentFrom: keepsAddress ? request.address : nil),
                    actor: .owner(account, address: request.address), reason: nil, forceChange: nil, keepsUndo: true))
        } catch let error as RecoveryError where error.code == .proofSpent || error.code == .unknownAccount {
            throw Self.refusal
        }
    }

    /// Whether a token still works; spends nothing, so that nobody thinks of a password for one that is over.
    ///
    /// - Returns: whose password it sets, for whoever holds it to see.
    /// - Throws: ``RecoveryError`` `invalidToken`, `throttled`, `appUnavailable`.
    @discardableResult
    public func check(_ token: String, address: String?) async throws -> Holder {
        try await holder(of: token, address: address).holder
    }

    /// Whose password a token sets.
    public struct Holder: Sendable {
        public let account: Account
        public let place: RecoverableDirectory
    }

    private func holder(
        of token: String, address: String?
    ) async throws -> (stored: StoredResetToken, holder: Holder) {
        let attempt = ThrottledTry(.guess, address: address, name: nil)
        let charge = try await limits.admit(attempt)
        guard let stored = try await liveToken(token), let holder = try await holder(of: stored, charge) else {
            try await limits.record(attempt)
            throw Self.refusal
        }
        try await limits.giveBack(charge)
        return (stored, holder)
    }

    private func holder(of stored: StoredResetToken, _ charge: ThrottleCharge) async throws -> Holder? {
        do {
            let place = try directories.holding(stored.app)
            guard let account = try await place.directory.find(id: stored.accountID), account.isActive else {
                return nil
            }
            return Holder(account: account, place: place)
        } catch let error as RecoveryError where error.code == .unknownApp {
            return nil
        } catch let error as RecoveryError where error.code == .appUnavailable {
            try await limits.giveBack(charge)
            throw error
        }
    }

    private func liveToken(_ text: String) async throws -> StoredResetToken? {
        guard let token = ResetToken(text: text), let stored = try await tokens.token(lookup: token.lookup(key)),
            stored.isLive(at: clock.now), try await hasher.verify(token.secret, against: stored.hash)
        else { return nil }
        return stored
    }

    private static let refusal = RecoveryError(
        .invalidToken, reason: "the reset token is invalid or expired",
        hint: "nothing was changed; ask for a new one: sparekey generate-reset-token")
}
