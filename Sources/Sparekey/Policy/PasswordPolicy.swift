public import PasswordHashing

/// What Sparekey asks of a new password: a preset and what the settings change of it (SEC-6, PMX-4).
///
/// Whatever the policy, a password is UTF-8 without NUL and of at most 1,024 bytes, and one of 64 characters is never too
/// long. Judging comes in two steps, because a stranger must not learn from the answer whether an account exists:
/// ``violations(of:)`` before a code is looked at, ``violations(of:context:)`` only after a right one.
public struct PasswordPolicy: Sendable, Hashable {
    /// The names that `policy.preset` takes.
    public enum Preset: String, Sendable, CaseIterable {
        /// 12 characters, 30 bits.
        case standard
        /// 15 characters, 30 bits: a password that is the only factor, NIST SP 800-63B-4 section 3.1.1.2.
        case nist = "nist-800-63b-4"
        /// 12 characters of four classes, 10 bits.
        case complex
        /// 8 characters, 10 bits.
        case basic
    }

    public let preset: Preset
    /// In Unicode scalars of the NFC form.
    public let minLength: Int
    /// Whether an upper-case letter, a lower-case letter, a digit and a special character must all be there.
    public let requiresClasses: Bool
    /// The floor under zxcvbn's estimate; 0 turns strength and context words off.
    public let strengthBits: Int
    /// How many earlier passwords may not come back; 0 for none.
    public let history: Int

    /// The values that the settings may give.
    public static let minLengthRange = 8...64
    public static let strengthBitsRange = 0...60
    public static let historyRange = 0...24

    /// nil takes the preset's own value. Values outside the ranges above are the caller's bug and end the program.
    public init(
        _ preset: Preset = .standard, minLength: Int? = nil, requiresClasses: Bool? = nil, strengthBits: Int? = nil,
        history: Int? = nil
    ) {
        self.preset = preset
        self.minLength = minLength ?? preset.minLength
        self.requiresClasses = requiresClasses ?? (preset == .complex)
        self.strengthBits = strengthBits ?? preset.strengthBits
        self.history = history ?? 0
        precondition(PasswordPolicy.minLengthRange.contains(self.minLength), "minLength out of range")
        precondition(PasswordPolicy.strengthBitsRange.contains(self.strengthBits), "strengthBits out of range")
        precondition(PasswordPolicy.historyRange.contains(self.history), "history out of range")
    }

    /// Step one: every rule that needs no account. Empty when the password passes.
    ///
    /// Takes the password as it was received. When its bytes cannot be read, only that is said. Runs zxcvbn once: up to
    /// 4 ms for passwords made to be slow, so not on an event loop.
    public func violations(of password: Password) -> [PolicyViolation] {
        switch candidate(password) {
        case .failure(let violation): [violation]
        case .success(let candidate): rules.compactMap { $0.violation(of: candidate) }
        }
    }

    /// Step two: the rules that know whose password it is. Does not repeat step one, and assumes that it passed.
    ///
    /// History is judged by the flow that holds the old hashes: see ``PolicyViolation/history(remembered:)``. Runs zxcvbn
    /// once, for a refused password up to five times.
    public func violations(of password: Password, context: PolicyContext) -> [PolicyViolation] {
        guard case .success(let candidate) = candidate(password) else { return [] }
        return [ContextRule(bits: strengthBits).violation(of: candidate, context: context)].compactMap { $0 }
    }

    /// The lines to show before a password is asked for, on the terminal and on pages alike.
    public var requirements: [String] {
        rules.flatMap(\.requirements) + ContextRule(bits: strengthBits).requirements
            + HistoryRule(remembered: history).requirements
    }

    /// The value of an HTML `passwordrules` attribute, by which a browser's generator meets the policy at once.
    public var passwordRules: String {
        let classes = requiresClasses ? " required: upper; required: lower; required: digit; required: special;" : ""
        return "minlength: \(minLength);\(classes) allowed: ascii-printable;"
    }

    private var rules: [any PolicyRule] {
        [
            LengthRule(minimum: minLength),
            ClassesRule(required: requiresClasses),
            StrengthRule(bits: strengthBits, minimumLength: minLength),
        ]
    }

    private func candidate(_ password: Password) -> Result<PolicyCandidate, PolicyViolation> {
        if let violation = SizeRule.violation(of: password) ?? NULRule.violation(of: password) {
            return .failure(violation)
        }
        do throws(PolicyViolation) {
            return .success(PolicyCandidate(normalized: try password.normalizedNFC()))
        } catch {
            return .failure(error)
        }
    }
}

extension PasswordPolicy.Preset {
    fileprivate var minLength: Int {
        switch self {
        case .standard, .complex: 12
        case .nist: 15
        case .basic: 8
        }
    }

    fileprivate var strengthBits: Int {
        switch self {
        case .standard, .nist: 30
        case .complex, .basic: 10
        }
    }
}
