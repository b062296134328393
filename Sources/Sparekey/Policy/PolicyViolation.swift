/// One rule that a password breaks: what the HTTP answer puts into `errors` and the terminal prints, one line each.
///
/// The message says what is wrong and what to do, in words for somebody who is locked out. It is put together from fixed
/// words and from numbers of the policy, never from the password (SEC-8).
public struct PolicyViolation: Error, Sendable, Hashable {
    /// The stable name of a rule. Clients and scripts hang on these words: they may be added to and never change.
    public struct Rule: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        public init(_ description: String) {
            self.description = description
        }

        /// Fewer characters than the policy asks for.
        public static let length = Rule("length")
        /// More bytes than Sparekey or the hash scheme can hold.
        public static let tooLong = Rule("tooLong")
        /// Holds the byte 0.
        public static let nul = Rule("nul")
        /// Not UTF-8.
        public static let encoding = Rule("encoding")
        /// Lacks a kind of character that the policy asks for.
        public static let classes = Rule("classes")
        /// Too easy to guess, whoever's password it is.
        public static let strength = Rule("strength")
        /// Too easy to guess for somebody who knows whose password it is.
        public static let context = Rule("context")
        /// Equal to a remembered earlier password.
        public static let history = Rule("history")
    }

    public let rule: Rule
    /// Whole sentences, for people.
    public let message: String

    /// `message` must be built without a byte of the password.
    public init(_ rule: Rule, message: String) {
        self.rule = rule
        self.message = message
    }
}
