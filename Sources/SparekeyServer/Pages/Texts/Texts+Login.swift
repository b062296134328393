extension Texts {
    enum Login {
        static let title = "Sign in"
        static let introduction = "Welcome back. Use your username or e-mail address."
        static let name = "Username or e-mail"
        static let password = "Password"
        static let button = "Sign in"
        static let forgot = "Forgot password?"
        static let again = "Enter your password once more."
        static let againHelp =
            "What you do for other people needs a sign-in of the last ten minutes. You come back to where you were; nothing was changed."
        static let refused = "That did not work. The username or the password is not right."
        static let refusedHelp =
            "Check both and try again. If you cannot remember the password, it can be reset without e-mail."

        static func done(_ notice: SiteURL.LoginNotice) -> String {
            switch notice {
            case .passwordReset: "Your password was reset."
            case .setUp: "Set-up is complete: the administrator's account is there."
            }
        }

        static func next(_ notice: SiteURL.LoginNotice) -> String {
            switch notice {
            case .passwordReset:
                "The new password works now, and every device has been signed out. Sign in with it."
            case .setUp: "Sign in with the password you just chose."
            }
        }
    }
}
