public import PasswordHashing

/// The owner's own change: the present password is the proof, and the calling session stays (SEC-3).
public struct ChangePassword: Sendable {
    private let directory: any AccountRegister
    private let entrance: SignInGuard
    private let hasher: any PasswordHasher
    private let accept: AcceptPassword
    private let reset: ResetPassword

    public init(
        directory: any AccountRegister, entrance: SignInGuard, hasher: any PasswordHasher, accept: AcceptPassword,
        reset: ResetPassword
    ) {
        self.accept = accept
        self.directory = directory
        self.entrance = entrance
        self.hasher = hasher
        self.reset = reset
    }

    /// Costs one verification and a reset.
    ///
    /// - Parameter renewal: what the calling session is known by once the password is changed: both or neither.
    /// - Throws: ``RecoveryError`` `wrongCurrentPassword`, `policy`, or what a reset throws.
    public func callAsFunction(
        of caller: SignedIn, current: Password, new: Password, address: String?, renewal: KeptSession.Renewal? = nil
    ) async throws -> ResetReport {
        let kept = KeptSession(caller.session.id, renewed: renewal)
        let account = caller.account
        let stored = try await prove(current, caller, address: address)
        let password = try await accept(new, for: account)
        guard try await !isRight(password.password, stored) else {
            throw RecoveryError(
                .policy, reason: "the new password does not meet the requirements",
                violations: [
                    PolicyViolation(.history, message: "The new password is the present one. Choose another.")
                ])
        }
        do {
            return try await reset(request(caller, password, verified: stored, kept, address: address))
        } catch let error as RecoveryError where error.code == .wrongCurrentPassword {
            // The hash was replaced since it was read. Where the new one accepts the password, a rehash came between.
            guard let present = try await hash(of: account), present != stored, try await isRight(current, present)
            else { throw error }
            return try await reset(request(caller, password, verified: present, kept, address: address))
        }
    }

    private func request(
        _ caller: SignedIn, _ password: AcceptedPassword, verified: String, _ kept: KeptSession, address: String?
    ) -> ResetRequest {
        ResetRequest(
            account: caller.account, password: password, form: .owner, proof: .currentPassword,
            actor: .owner(caller.account, address: address), reason: nil, forceChange: nil, keepsUndo: true,
            keptSession: kept, verifiedHash: verified)
    }

    private func hash(of account: Account) async throws -> String? {
        guard case .text(let stored) = try await directory.read(account)?[OwnColumn.passwordHash] else { return nil }
        return stored
    }

    /// Guessing the current password over a stolen session counts as guessing at the door.
    private func prove(_ current: Password, _ caller: SignedIn, address: String?) async throws -> String {
        let account = caller.account
        let charged = ThrottledTry(
            .signIn, address: address, name: AccountName(account.username), account: .known(account))
        let charge = try await entrance.chargeTry.ownChange(session: caller.session.id)
        if let error = charge.error { throw error }
        guard let stored = try await hash(of: account), try await isRight(current, stored), charge.verdict == .allowed
        else {
            try await entrance.recordWrongTries(charged)
            throw RecoveryError(
                .wrongCurrentPassword, reason: "the current password is not right",
                hint: "nothing was changed; type the password you signed in with")
        }
        try await entrance.chargeTry.giveBack(charge)
        return stored
    }

    private func isRight(_ password: Password, _ stored: String) async throws -> Bool {
        do {
            return try await hasher.verify((try? password.normalizedNFC()) ?? password, against: stored)
        } catch is HashError {
            return false
        }
    }
}
