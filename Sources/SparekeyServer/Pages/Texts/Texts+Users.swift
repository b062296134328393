import Sparekey

extension Texts {
    /// The list of accounts, and what every page about them shares.
    enum Users {
        static let title = "Users"
        static let search = "Find by username or e-mail"
        static let searchButton = "Find"
        static let add = "Add user"
        static let everybody = "Show everybody"
        static let nobody = "Nobody has a username or e-mail that begins like this."
        static let firstPage = "First page"
        static let nextPage = "Next page"
        static let never = "never"
        static let none = "none"
        static let you = "you"
        static let administrator = "Administrator"
        static let user = "User"
        static let reset = "Reset password"
        static let edit = "Edit"
        static let delete = "Delete"
        static let close = "Close"
        static let ownPassword = "Change your password"
        static let back = "Back to the users"
        static let deleted = "The account is deleted."

        enum Column {
            static let username = "Username"
            static let displayName = "Name"
            static let email = "E-mail"
            static let role = "Role"
            static let state = "State"
            static let lastSignIn = "Last sign-in"
            static let actions = "Actions"
        }

        enum State {
            static let active = "Active"
            static let disabled = "Disabled"
            static let noPassword = "No password"
            static let expired = "Password expired"
            static let mustChange = "Must change"
        }
    }

    /// One account, as administrators see it.
    enum User {
        static let details = "Details"
        static let signIn = "Sign-in"
        static let usernameHint = "At most 64 characters, without @ and colon."
        static let email = "E-mail (optional)"
        static let displayName = "Name (optional)"
        static let administrator = "Administrator"
        static let administratorHint = "Can add, change, reset and delete other people's accounts."
        static let save = "Save"
        static let sessions = "Signed in"
        static func sessions(_ count: Int) -> String {
            switch count {
            case 0: "nowhere"
            case 1: "in one place"
            default: "in \(count) places"
            }
        }
        static let limits = "Held up"
        static func limit(_ what: String, endsAt: String?) -> String {
            "Too many \(what)" + (endsAt.map { ", until \($0) UTC" } ?? ", until a reset")
        }
        static let own =
            "This is your own account. Another administrator changes its role, disables or deletes it; your password is yours to change."
        static let delete = "Delete this account"
        static let deleteTitle = "Delete"
        static let deleteHelp = "Removes the account for good. You are asked once more."
        static let refused = "Nothing was changed."
        static let emailStays = "Nothing was changed. An e-mail address can be replaced, but not taken away."

        static func act(_ act: UserAct) -> (title: String, help: String) {
            switch act {
            case .saved: (save, "")
            case .unlock: ("Unlock", "Forgets the wrong tries that hold this person up. The password stays.")
            case .enable: ("Enable", "Lets this person sign in again, with the same password.")
            case .disable: ("Disable", "Signs this person out everywhere and lets nobody in until you enable it again.")
            case .requireChange:
                ("Require a new password", "The next thing this person can do is to choose another password.")
            case .endSessions: ("Sign out everywhere", "Ends every session of this person. The password stays.")
            }
        }

        static func done(_ act: UserAct) -> String {
            switch act {
            case .saved: "Saved."
            case .unlock: "Unlocked. This person can try again at once."
            case .enable: "Enabled. This person can sign in again."
            case .disable: "Disabled. Nobody can sign in to this account, and every session of it is over."
            case .requireChange: "This person must choose a new password before anything else."
            case .endSessions: "Every session of this person is over."
            }
        }

        static func deleteTitle(_ username: String) -> String { "Delete \(username)?" }
        static func deleteIntroduction(_ name: String, _ email: String?) -> String {
            let who = [name, email].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
            return
                "\(who.isEmpty ? "This account" : who). Deleting cannot be undone. To keep somebody out for a while, disable the account instead."
        }
        static let lostTitle = "What will be lost"
        static func lost(sessions: Int, isAdministrator: Bool) -> [String] {
            [
                "The account with its names, password and earlier passwords",
                sessions == 0 ? nil : "Its sessions: \(self.sessions(sessions))",
                "Its one-time links, codes and requests, and its sync key",
                isAdministrator ? "An administrator of this server" : nil,
            ].compactMap(\.self)
        }
        static let kept = "The audit trail keeps what was done. Data that other programs hold is not touched."
        static let deleteForGood = "Delete for good"
        static let keep = "Keep the account"
    }

    enum NewUser {
        static let title = "Add a user"
        static let firstSignIn = "How they get in"
        static let link = "With a one-time link"
        static let linkHint = "You hand over a link, and they choose a password that only they know."
        static let password = "With a password that I choose"
        static let button = "Add user"
        static let refused = "Nobody was added yet:"
        static func addedWithoutLink(_ username: String) -> String {
            "\(username) was added, but no link could be made. Do not add the account again: find it among the users, and make a link there."
        }
    }

    /// An administrator's reset of somebody's password.
    enum Reset {
        static func title(_ username: String) -> String { "Reset the password of \(username)" }
        static func who(_ name: String, _ email: String?) -> String {
            [name, email].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
        }
        static let recommended = "recommended"
        static let linkTitle = "One-time link"
        static let linkHelp =
            "They open it and choose a password that only they know. Until then the old password works."
        static let makeLink = "Make a link"
        static let passwordTitle = "Temporary password"
        static let passwordHelp =
            "It works at once, and every session of theirs ends. They must choose their own at the next sign-in."
        static let generate = "Generate and set one"
        static let ownTitle = "Or type one"
        static let password = "Temporary password"
        static let set = "Set this password"
        static let strength = "Strength"
        static let refused = "Nothing was changed:"
        static let usedForm =
            "Nothing was done this time: this form has done its work already, or the password was changed meanwhile. If something is still to be done, do it here."
        static let isDisabled =
            "This account is disabled. A reset does not change that: enable it afterwards, or nobody can sign in."

        static func level(_ level: PasswordStrength.Level) -> String {
            switch level {
            case .refused: "not accepted"
            case .fair: "fair"
            case .good: "good"
            case .strong: "strong"
            }
        }
    }

    /// What is shown once.
    enum Handover {
        static func linkTitle(_ username: String) -> String { "A link for \(username)" }
        static func passwordTitle(_ username: String) -> String { "A password for \(username)" }
        static let linkMade = "The link is ready. Nothing about the account has changed yet."
        static let added = "The account is added. This link lets its owner choose a password."
        static let addedWithPassword = "The account is added."
        static let passwordSet = "The password is set. Every session of this person is over."
        static let link = "One-time link"
        static let password = "Password"
        static let once = "It is shown this once."
        static func linkLines(until: String) -> [String] {
            ["Hand it over in person, by phone or by a messenger that you trust: it works once, until \(until) UTC."]
        }
        static func passwordLines(mustChange: Bool, until: String?) -> [String] {
            [
                "Hand it over in person, by phone or by a messenger that you trust.",
                mustChange ? "At the next sign-in they must choose their own." : nil,
                until.map { "It works until \($0) UTC." },
            ].compactMap(\.self)
        }
        static let superseded = "Somebody else has reset this password right after you: that one works, not this."
        static let qr = "The link as a QR code"
        static let copy = "Copy"
        static let copied = "Copied."
        static let closes = "Closes in {} s"
        static let pause = "Keep it open"
        static let goOn = "Go on closing"
        static let done = "Done"
    }
}
