extension Texts {
    enum TokenStep {
        static let resetTitle = "Use a reset link"
        static let resetIntroduction =
            "Somebody made a one-time link for you. If this page does not go on by itself, paste the link here."
        static let setUpTitle = "Set up Sparekey"
        static let setUpIntroduction =
            "Nobody has an account here yet. The server printed a one-time link on its console when it started: paste it here. Without one, run sparekey setup on the server."
        static let token = "Link or token"
        static let hint = "The whole link, or the 64 characters at its end."
        static let button = "Continue"

        static let spentTitle = "This link does not work"
        static let spent =
            "It has been used, its time is over, or it was not copied whole. Nothing was changed, and your account is not affected."
        static let afterSpentReset = [
            "Copied from a message? Open the whole link once more, to its last character.",
            "Else ask whoever gave it to you for a new one, or ask for a code.",
        ]
        static let askForCode = "Ask for a reset code"
        static let afterSpentSetUp = [
            "Only the newest link on the server's console counts, for an hour, and none once there is an account.",
            "Restart the server for a new one, or run sparekey setup there.",
        ]
    }

    enum ResetPassword {
        static func title(_ username: String) -> String { "Choose a new password for \(username)" }
        static func introduction(_ username: String) -> String {
            "With it you can sign in as \(username) at once. Everywhere else \(username) is signed out, and the link stops working."
        }
        static func account(_ username: String, in app: String) -> String { "\(username) in \(app)" }
        static func introduction(_ username: String, in app: String) -> String {
            "With it you can sign in to \(app) as \(username) at once. The link stops working."
        }
        static let linkStays = "The link stays good."
        static let otherLink = "Another link was opened in this browser meanwhile. Nothing was changed."
        static func otherLinkHelp(_ username: String) -> String {
            "What you type here now sets the password of \(username). If that is not you, open your own link again."
        }
    }
}
