import Sparekey

extension Texts {
    enum Account {
        static let title = "Your account"
        static let username = "Username"
        static let email = "E-mail"
        static let noEmail = "none"
        static let password = "Password"
        static let changePassword = "Change password"

        static let sessions = "Where you are signed in"
        static let sessionsHelp = "If you do not know one of these, end it and change your password."
        static let here = "This browser"
        static let unknownDevice = "Unknown device"
        static let endSession = "Sign out"
        static let endOthers = "Sign out everywhere else"
        static func lastUsed(_ when: String) -> String { "Last used \(when)" }
        static func from(_ address: String) -> String { "from \(address)" }
        static func begun(_ when: String) -> String { "signed in \(when)" }
        static func endSession(of device: String) -> String { "of \(device)" }

        static let events = "Recent security events"
        static let eventsHelp = "What concerned this account lately. Times are UTC."
        static let noEvents = "Nothing yet."

        static let passwordChanged = "Your password was changed. Every other session has been signed out."
        static let sessionEnded = "That session is over."
        static let othersEnded = "You are signed out everywhere else."
        static func passwordWasReset(_ how: String, _ when: String) -> String { "\(how) on \(when) UTC." }
        static let passwordWasResetAndChanged =
            "You have changed it since. If you did not ask for the reset, tell whoever runs this server."
        static let passwordWasResetHelp =
            "If you did not ask for this, tell whoever runs this server, and change your password now."

        static func event(_ event: SecurityEvent) -> String {
            switch event.action {
            case .passwordReset: reset(by: event.proof)
            case .passwordChanged: "You changed your password"
            case .resetUndone: "A reset of your password was taken back"
            case .signedIn: "Signed in"
            case .signInRefused: "Somebody tried to sign in and failed"
            case .signedOut: "Signed out"
            case .tokenIssued: "A one-time reset link was made for you"
            case .codeIssued: "A reset code was asked for and made"
            case .codeRevealed: "An administrator looked at a reset code of yours"
            case .accountChanged: "Your account's details were changed"
            case .accountDisabled: "Your account was disabled"
            case .accountEnabled: "Your account was enabled again"
            case .accountUnlocked: "Limits on your sign-ins were lifted"
            case .changeRequired: "An administrator asked you to choose a new password"
            default: event.action.rawValue
            }
        }

        static func reset(by proof: String?) -> String {
            switch proof {
            case "administrator": "An administrator reset your password"
            case "operator": "Your password was reset on the server itself"
            case "code": "Your password was reset with a code"
            case "token": "Your password was reset with a one-time link"
            default: "Your password was reset"
            }
        }
    }
}
