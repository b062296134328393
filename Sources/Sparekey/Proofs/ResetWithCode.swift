public import PasswordHashing

/// Sets a new password by a reset code (NEX-1). Signs nobody in (SEC-3).
///
/// Rules that need no account are judged before the code is looked at, within the address's limit of new passwords; those
/// that know it only after a right one, whose try is given back by then, so that the code stays good. In the own
/// directory the code is spent in the transaction that writes the password; for an app it is reserved in the journal before
/// the app's database is touched, and spent or released by what that holds afterwards (house.md, Two databases).
public struct ResetWithCode: Sendable {
    public struct Request: Sendable {
        /// As typed, at the request or another name of the same account.
        public let name: String
        /// As typed.
        public let code: String
        public let password: Password
        public let app: String?
        public let address: String?

        public init(name: String, code: String, password: Password, app: String? = nil, address: String?) {
            self.name = name
            self.code = code
            self.password = password
            self.app = app
            self.address = address
        }
    }

    private let verify: VerifyResetCode
    private let directories: any RecoverableDirectories

    public init(verify: VerifyResetCode, directories: any RecoverableDirectories) {
        self.verify = verify
        self.directories = directories
    }

    /// Costs what ``VerifyResetCode`` does until the code is right, and a reset then.
    ///
    /// - Throws: ``RecoveryError`` `policy` (no try is spent), `invalidCode`, `throttled`, `unknownApp`, `appUnavailable` (the
    ///   code stays good), or what a reset throws.
    public func callAsFunction(_ request: Request) async throws -> ResetReport {
        try await verify.limits.admitNewPassword(from: request.address)
        let place = try directories.named(request.app)
        try place.accept.judge.screenAlone(request.password)
        let (account, id) = try await verify.holder(
            of: request.code, name: request.name, app: request.app, address: request.address)
        let password = try await place.accept(request.password, for: account)
        do {
            return try await place(
                ResetRequest(
                    account: account, password: password, form: .code, proof: .code(id),
                    actor: .owner(account, address: request.address), reason: nil, forceChange: nil, keepsUndo: true))
        } catch let error as RecoveryError where error.code == .proofSpent || error.code == .unknownAccount {
            throw VerifyResetCode.refusal
        }
    }
}
