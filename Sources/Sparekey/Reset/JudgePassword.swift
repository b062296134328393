public import PasswordHashing

/// A password that the policy has accepted for one account: the only kind that a reset takes.
///
/// It is in Unicode's NFC form, but for an app. Only ``JudgePassword`` makes one, so no path can skip the policy.
public struct AcceptedPassword: Sendable {
    public let password: Password
    public let origin: PasswordOrigin

    fileprivate init(password: Password, origin: PasswordOrigin) {
        self.password = password
        self.origin = origin
    }
}

/// The first stage of every reset: policy (SEC-6).
///
/// Rules that need no account are judged first, then those that know it: context words and history.
public struct JudgePassword: Sendable {
    public let policy: PasswordPolicy
    private let hasher: any PasswordHasher
    private let keepsSpelling: Bool

    /// - Parameter keepsSpelling: for an app, whose own login hashes what it receives (SEC-6): the accepted password is then
    ///   the one that was given, byte for byte.
    public init(policy: PasswordPolicy, hasher: any PasswordHasher, keepsSpelling: Bool = false) {
        self.keepsSpelling = keepsSpelling
        self.policy = policy
        self.hasher = hasher
    }

    /// - Parameters:
    ///   - context: the words that an attacker would try first for this account.
    ///   - history: stored hashes that must not come back, the present one first. Each costs one verification.
    /// - Throws: ``RecoveryError`` `policy`, with every rule that refused.
    public func callAsFunction(
        _ raw: Password, origin: PasswordOrigin, context: PolicyContext, history: [String] = []
    ) async throws -> AcceptedPassword {
        let password = try screen(raw, context: context)
        for stored in history where try await accepts(password, stored) {
            try refuse([.history(remembered: policy.history)])
        }
        return AcceptedPassword(password: keepsSpelling ? raw : password, origin: origin)
    }

    /// Every rule but history, which costs hashing: enough to answer a person before they type the password again.
    ///
    /// - Returns: the password in NFC form. It is not accepted yet.
    /// - Throws: ``RecoveryError`` `policy`, with every rule of the step that refused.
    @discardableResult
    public func screen(_ raw: Password, context: PolicyContext) throws -> Password {
        let password = try screenAlone(raw)
        try refuse(policy.violations(of: password, context: context))
        return password
    }

    /// The rules that need no account: all that is judged before a code or a token is looked at.
    ///
    /// - Returns: the password in NFC form. It is not accepted yet.
    /// - Throws: ``RecoveryError`` `policy`.
    @discardableResult
    public func screenAlone(_ raw: Password) throws -> Password {
        let password = try normalized(raw)
        try refuse(policy.violations(of: password) + [hasher.limitViolation(password)].compactMap(\.self))
        return password
    }

    /// Generates a password that this policy accepts (PMX-3).
    public func generate(context: PolicyContext) async throws -> AcceptedPassword {
        let generated = PasswordGenerator(for: policy, context: context).generate()
        return try await self(generated, origin: .generated, context: context)
    }

    /// A stored value that no format knows, or that cannot hold this password, is no earlier form of it: it must not keep
    /// anybody out.
    private func accepts(_ password: Password, _ stored: String) async throws -> Bool {
        do {
            return try await hasher.verify(password, against: stored)
        } catch is HashError {
            return false
        }
    }

    private func normalized(_ raw: Password) throws -> Password {
        do throws(PolicyViolation) {
            return try raw.normalizedNFC()
        } catch {
            throw refusal([error])
        }
    }

    private func refuse(_ violations: [PolicyViolation]) throws {
        if !violations.isEmpty { throw refusal(violations) }
    }

    private func refusal(_ violations: [PolicyViolation]) -> RecoveryError {
        RecoveryError(
            .policy, reason: "the new password does not meet the requirements", violations: violations)
    }
}

extension AcceptedPassword {
    /// The text of a generated password, for the one time it is shown. A password that was given is never shown back
    /// (PMX-3): asking for it is a bug of ours.
    public var shownOnce: String {
        precondition(origin == .generated, "only a generated password is shown")
        return password.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
