/// What went wrong in a flow, for the person who has to act on it.
///
/// Equality is on the code. The reason is lower case, without a full stop, and names the object; it never holds a
/// password, hash, token or code (SEC-8).
public struct RecoveryError: Error, Sendable, Equatable, CustomStringConvertible {
    public struct Code: Sendable, Hashable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// Nobody has that username or e-mail.
        public static let unknownAccount = Code("unknownAccount")
        /// Several accounts of an app have that name.
        public static let ambiguous = Code("ambiguous")
        /// The directory holds no account at all.
        public static let noAccounts = Code("noAccounts")
        /// The journal has no row of that number.
        public static let unknownReset = Code("unknownReset")
        /// The reset cannot be taken back; the reason says why.
        public static let notUndoable = Code("notUndoable")
        /// The policy refused the password; `violations` says why.
        public static let policy = Code("policy")
        /// Somebody else changed the account's credentials again and again while this reset was under way.
        public static let changedMeanwhile = Code("changedMeanwhile")
        /// The username or e-mail is taken.
        public static let taken = Code("taken")
        /// A username, e-mail or other field has a form that is not accepted.
        public static let malformed = Code("malformed")
        /// A rule forbids it (PAL-3, LST-4).
        public static let notAllowed = Code("notAllowed")
        /// The stored value read back is not the one written; nothing was committed.
        public static let notVerified = Code("notVerified")
        /// The database went away during the commit: the old password or the new one works, and only the journal knows.
        public static let unclear = Code("unclear")
        /// An administrator's act on their own account (SEC-15).
        public static let ownAccount = Code("ownAccount")
        /// An administrator's session that began too long ago for this act (SEC-15).
        public static let signInTooOld = Code("signInTooOld")
        /// A sign-in that failed, whatever the cause.
        public static let signInRefused = Code("signInRefused")
        /// The owner's proof for a change of their own password.
        public static let wrongCurrentPassword = Code("wrongCurrentPassword")
        public static let unsealable = Code("unsealable")
        /// More was asked for than there is time to hash; `retryAfter` says when to come back.
        public static let overloaded = Code("overloaded")
        /// A command line or a call that does not say what it needs.
        public static let usage = Code("usage")
        /// A limit was reached (SEC-1); `retryAfter` says when it ends.
        public static let throttled = Code("throttled")
    }

    public let code: Code
    public let reason: String
    public let hint: String?
    public let violations: [PolicyViolation]
    /// How long to wait before the same is worth trying again; nil where waiting does not help or nobody knows.
    public let retryAfter: Duration?
    public let cause: (any Error)?

    public init(
        _ code: Code, reason: String, hint: String? = nil, violations: [PolicyViolation] = [],
        cause: (any Error)? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.reason = reason
        self.hint = hint
        self.violations = violations
        self.retryAfter = retryAfter
        self.cause = cause
    }

    public static func == (left: RecoveryError, right: RecoveryError) -> Bool { left.code == right.code }

    public var description: String { reason }
}
