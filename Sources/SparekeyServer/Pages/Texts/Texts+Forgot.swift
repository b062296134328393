extension Texts {
    enum Forgot {
        static let title = "Forgot password?"
        static let introduction =
            "It happens, and it can be mended without e-mail. You get a code, and with it you choose a new password."
        static func introduction(_ app: String) -> String {
            "It happens, and it can be mended without e-mail. You get a code for your account in \(app), and with it you choose a new password there."
        }
        static func nameHint(_ app: String) -> String { "The one you sign in to \(app) with." }
        static func codeTitle(_ app: String) -> String { "Reset your password for \(app)" }
        static func doneTitle(_ app: String) -> String { "Your password for \(app) was reset" }
        static func done(_ app: String) -> String {
            "Go to \(app) and sign in with the new password. The old one no longer works."
        }
        static func doneSteps(_ app: String) -> [String] {
            [
                "If \(app) still refuses it, tell whoever runs it: some programs have to be restarted, and a second factor stays as it was.",
                "You can close this page.",
            ]
        }
        static let nameHint = "The one you sign in with."
        static let request = "Generate Reset Code"
        static let nextTitle = "What happens next"
        static let haveCode = "I have a code already"
        static let back = "Back to sign-in"

        static let codeTitle = "Reset your password"
        static let code = "Reset code"
        static let reset = "Reset Password"
        static let again = "Ask for a new code"
        static let wrongCode = "Type the six digits of the newest code."
        static let codeRefused = "That code is not right, or it no longer works. Nothing was changed."
        static let codeRefusedHelp = [
            "Check the username and the digits with whoever gave you the code.",
            "After five wrong tries no code of yours works any more. Then ask for a new one.",
        ]
        static let codeStays = "The code stays good: type it again with another password."

        static func steps(_ customs: CodeCustoms) -> [String] {
            [
                customs.needsApproval
                    ? "An administrator has to approve the request before there is a code. Tell one that you asked."
                    : "The server makes a code of six digits, if there is such an account.",
                whom(customs),
                "It works once, for \(spoken(customs.lifetime)). You type it on the next page, with a new password.",
            ]
        }

        static func codeIntroduction(_ customs: CodeCustoms) -> String {
            let first = "If an account with that name exists, a reset code has been "
            return first + (customs.needsApproval ? "asked for. " : "generated. ") + whom(customs)
        }

        static func codeHint(_ customs: CodeCustoms) -> String {
            "Six digits; spaces and dashes do not matter. It works once, for \(spoken(customs.lifetime))."
        }

        private static func whom(_ customs: CodeCustoms) -> String {
            customs.isOnConsole
                ? "The code appears on the server's console: ask whoever runs this server to read it to you."
                : "Administrators see the code in their inbox: ask one of them to read it to you."
        }

        private static func spoken(_ lifetime: Duration) -> String {
            let seconds = lifetime.components.seconds
            switch seconds {
            case ..<120: return "\(seconds) seconds"
            case ..<7200: return "\(seconds / 60) minutes"
            default: return "\(seconds / 3600) hours"
            }
        }
    }
}
