public import PasswordHashing

/// How a password would fare against a guesser, to show while somebody types it: the judgement of ``PasswordPolicy``, with
/// the distance to its floor.
public struct PasswordStrength: Sendable, Hashable {
    /// In steps that a meter can show.
    public enum Level: Int, Sendable, CaseIterable {
        case refused
        case fair
        case good
        case strong
    }

    public let level: Level
    /// What is wrong, in whole sentences; empty when the policy takes the password. History is judged only when it is set.
    public let advice: [String]

    /// Costs two runs of zxcvbn, as setting the password does before it hashes, and one more where it is accepted.
    init(_ password: Password, policy: PasswordPolicy, context: PolicyContext) {
        let alone = policy.violations(of: password)
        let violations = alone.isEmpty ? policy.violations(of: password, context: context) : alone
        advice = violations.map(\.message)
        guard violations.isEmpty, let normalized = try? password.normalizedNFC() else {
            level = .refused
            return
        }
        level =
            switch StrengthEstimate(of: normalized, words: context.words).bits {
            case ..<45: .fair
            case ..<65: .good
            default: .strong
            }
    }
}

extension PasswordPolicy {
    /// Judges a password that is not set yet. Nothing is kept of it.
    public func strength(of password: Password, context: PolicyContext) -> PasswordStrength {
        PasswordStrength(password, policy: self, context: context)
    }
}
