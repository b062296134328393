import Sparekey

extension Texts {
    enum Requests {
        static let title = "Reset requests"
        static let introduction =
            "People who forgot their password ask here. Make sure who somebody is before you help: call them, or see them."
        static let open = "Open"
        static let noneOpen = "Nobody is waiting. New requests appear here."
        static let recent = "Recently closed"
        static let noneRecent = "Nothing yet."
        static let newest = "Newest requests"
        static let older = "Older requests"
        static let stale =
            "You signed in more than ten minutes ago. You will be asked for your password before you can do something here."

        static let approve = "Approve"
        static let deny = "Deny"
        static let reveal = "Show code"
        static func of(_ name: String) -> String { "for \(name)" }
        static let own =
            "This request is for your own account, and nobody helps themselves here: change your password instead, or ask another administrator."
        static let closedHelp = "Somebody may have been faster, or it ran out. The list below is as it is now."

        static func notice(_ notice: SiteURL.RequestNotice) -> String {
            switch notice {
            case .approved: "Approved: there is a code now. Show it, and hand it on."
            case .denied: "Denied: no code will come of that request."
            }
        }

        static func account(_ username: String) -> String { "account \(username)" }
        static func app(_ name: String) -> String { "in \(name)" }
        static func from(_ address: String) -> String { "from \(address)" }
        static func number(_ number: Int64) -> String { "request \(number)" }
        static let overBudget = "many wrong codes lately: look twice"
        static let unreadableName = "(a name that cannot be shown)"

        static func state(_ state: CodeRequest.State) -> String {
            switch state {
            case .new: "Just in"
            case .waiting: "Waits for you"
            case .live: "Code works"
            case .used: "Done, code used"
            case .expired: "Code expired"
            case .void: "Settled another way"
            case .withheld: "No code: enough already"
            case .denied: "Denied"
            case .nobody: "No such account"
            }
        }

        static func live(until end: Timestamp?, now: Timestamp) -> String {
            "\(state(.live)) \(remaining(until: end, now: now))"
        }

        static func remaining(until end: Timestamp?, now: Timestamp) -> String {
            let seconds = max(0, (end?.microseconds ?? 0) - now.microseconds) / 1_000_000
            switch seconds {
            case ..<60: return "for less than a minute"
            case ..<120: return "for a minute"
            case ..<7200: return "for \(seconds / 60) minutes"
            default: return "for \(seconds / 3600) hours"
            }
        }

        static let liveOn = "Live: new requests appear by themselves."
        static let liveOff = "Reload the page to see new requests."
        static let liveBroken = "The connection was lost; trying again."
        static let oneNew = "1 new request"
        /// `#` is the number.
        static let manyNew = "# new requests"
        static let reload = "Reload"
        static let over = "You are signed out here, so this list stands still."
        static let signIn = "Sign in again"
    }

    enum Reveal {
        static let title = "A reset code"
        static func introduction(_ name: String) -> String { "For \(name), and nobody else." }
        static let spokenTitle = "Read it out like this"
        static func validity(_ until: String, _ remaining: String) -> String {
            "It works once, \(remaining): until \(until) UTC."
        }
        static let steps = [
            "Call the person on a number that you know, or see them. Do not trust whoever calls you.",
            "Read the six digits in two groups of three, and let them repeat it.",
            "They type it where they asked for it, and choose a new password. Nobody else should ever ask for it.",
        ]
        static let audited = "That you have seen this code is in the audit trail."
        static let back = "Back to the requests"

        static func digit(_ digit: Character) -> String {
            let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
            guard let value = digit.wholeNumberValue, words.indices.contains(value) else { return String(digit) }
            return words[value]
        }
    }
}
