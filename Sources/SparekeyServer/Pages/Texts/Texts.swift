/// Every text that a page shows, and nothing else holds one: a page is a file beside this one that extends it.
enum Texts {
    static let product = "Sparekey"

    enum Head {
        static let navigation = "Main"
        static let account = "Your account"
        static let requests = "Requests"
        static let audit = "Audit"
        static let apps = "Apps"
        static let signOut = "Sign out"
        static let skip = "Skip to the content"
    }

    enum Form {
        static let reveal = "Show"
        static let conceal = "Hide"
        static let requirements = "Your new password needs"
        static let requirementMet = "met"
        static let requirementOpen = "not met yet"
        static let passwordsDiffer = "The two passwords differ. Type the new password again, twice."
    }

    /// Times, as somebody would say them.
    enum Time {
        static let now = "just now"
        static func minutes(_ count: Int64) -> String { count == 1 ? "a minute ago" : "\(count) minutes ago" }
        static func hours(_ count: Int64) -> String { count == 1 ? "an hour ago" : "\(count) hours ago" }
        static func days(_ count: Int64) -> String { count == 1 ? "a day ago" : "\(count) days ago" }
    }
}
