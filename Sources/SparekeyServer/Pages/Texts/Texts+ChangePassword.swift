extension Texts {
    enum ChangePassword {
        static let title = "Change your password"
        static let forcedTitle = "Choose your own password"
        static let introduction =
            "You stay signed in here. Everywhere else you will have to sign in again, with the new password."
        static let forcedIntroduction =
            "The password you signed in with was only meant to let you in. Choose one that only you know, and you are done."
        static let current = "Current password"
        static let forcedCurrent = "The password you just signed in with"
        static let new = "New password"
        static let confirmation = "New password again"
        static let button = "Change password"
        static let forcedButton = "Save and continue"
        static let cancel = "Keep the present password"
        static let wrongCurrent = "That is not your current password. Nothing was changed."
        static let refused = "Nothing was changed yet. The new password needs another try:"
    }
}
