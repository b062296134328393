/// The way a person came to a reset: what RST-1 asks before it flags an account.
public enum ResetForm: Sendable, Hashable {
    /// PAL-1: the careful dialogue in a terminal.
    case interactive
    /// LST-1: the only account, by the phrase.
    case phrase
    /// The command line named the account.
    case named
    case setup
    case usersAdd
    /// An administrator resets somebody else's password (PMX-1).
    case administrator
    /// The owner's own change, with the current password as the proof.
    case owner
    /// With a reset token (LST-2).
    case token
    /// With a reset code (NEX-1).
    case code

    /// Whether somebody else than the owner came to know the password.
    var sharesPassword: Bool {
        switch self {
        case .named, .usersAdd, .administrator: true
        case .interactive, .phrase, .setup, .owner, .token, .code: false
        }
    }
}

/// Where the new password came from.
public enum PasswordOrigin: String, Sendable {
    case given
    case generated
}

/// RST-1 in one place: when a password is temporary, and for how long.
public struct TemporaryPasswords: Sendable {
    /// The setting `temporary`.
    public enum Rule: String, Sendable, CaseIterable {
        /// Every password that somebody else than the owner knows.
        case given
        /// Only generated ones.
        case generated
        case never
    }

    public let rule: Rule
    /// How long a temporary password works (SEC-9).
    public let lifetime: Duration

    public init(rule: Rule, lifetime: Duration) {
        self.rule = rule
        self.lifetime = lifetime
    }

    /// - Parameter forced: `--force-change` or `--no-force-change`, which go before the rule.
    public func isTemporary(form: ResetForm, origin: PasswordOrigin, forced: Bool?) -> Bool {
        if let forced { return forced }
        guard form.sharesPassword else { return false }
        switch rule {
        case .given: return true
        case .generated: return origin == .generated
        case .never: return false
        }
    }

    /// When a password set at `now` stops working; nil for one that is not temporary.
    public func expiry(temporary: Bool, now: Timestamp) -> Timestamp? {
        temporary ? now + lifetime : nil
    }
}
