/// How a program's own sign-in is asked whether it takes a password. It holds no address: only the operator's settings do.
public struct SignInForm: Sendable, Equatable {
    public enum Style: String, Sendable, CaseIterable {
        /// The page is fetched first; the form on it that has the password's field is sent back with its hidden fields and
        /// the page's cookies.
        case form
        /// An object is sent, and no page fetched.
        case json
    }

    /// What the account is called there.
    public enum Naming: String, Sendable, CaseIterable {
        case username, email
    }

    public let style: Style
    public let naming: Naming
    public let nameField: String
    public let passwordField: String
    /// Further fields, with what they hold.
    public let also: [String: String]
    /// The statuses of an answer that lets somebody in.
    public let accepts: [Int]
    /// Those of one that does not.
    public let refuses: [Int]
}
