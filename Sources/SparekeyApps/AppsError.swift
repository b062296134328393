/// What is wrong with a profile, or with what was asked of one.
///
/// The command line prints `reason` after `error:` and `hint` after `hint:`. Neither ever holds a secret.
public struct AppsError: Error, Sendable {
    /// Extensible: other parts of the module add their own.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }

        /// A profile says something that cannot be, or leaves out what must be said.
        public static let badProfile = Code("badProfile")
        /// There is no profile of that name.
        public static let unknownProfile = Code("unknownProfile")
        /// The database is not as the profile has it; nothing was changed.
        public static let misfit = Code("misfit")
        /// Nothing can be reset in this program, or for this account; the hint names the way out.
        public static let refused = Code("refused")
        /// A format needs a secret that no label is bound to.
        public static let secretMissing = Code("secretMissing")
    }

    public let code: Code
    /// Lower case, no full stop, naming file, line and key.
    public let reason: String
    /// What to do next, in the same form.
    public let hint: String?

    public init(_ code: Code, reason: String, hint: String? = nil) {
        self.code = code
        self.reason = reason
        self.hint = hint
    }
}

extension AppsError: Equatable, CustomStringConvertible {
    /// By code alone: reasons are for people.
    public static func == (left: AppsError, right: AppsError) -> Bool { left.code == right.code }

    public var description: String { hint.map { "\(reason) (\($0))" } ?? reason }
}
