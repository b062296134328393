import Sparekey

extension Texts {
    enum Audit {
        static let title = "Audit trail"
        static let filter = "Search"
        static let person = "Username or e-mail"
        static let action = "What happened"
        static let outcome = "Outcome"
        static let from = "From day (UTC)"
        static let to = "To day (UTC)"
        static let any = "Anything"
        static let search = "Search"
        static let clear = "Show everything"
        static let exportAll = "Export all as JSON lines"
        static let exportFound = "Export these as JSON lines"
        static let rows = "What happened"
        static let rowsHelp = "Newest first. Times are UTC."
        static let none = "Nothing like that was recorded."
        static let noneYet = "Nothing like that among the newest of these rows. Look further back for older ones."
        static let newest = "Newest rows"
        static let older = "Older rows"
        static let further = "Look further back"
        static let unreadable = "A row that cannot be read: Sparekey did not write it"
        static let badDay = "A day is written like 2026-02-12."
        static let badLink = "This address asks for something that the page does not know."

        static let chart = "Resets a day, last 30 days"
        static func chartDescription(total: Int, most: Int) -> String {
            total == 0 ? "None." : "\(total) in all, at most \(most) on a day."
        }
        static let today = "Today"
        static let table = "As a table"
        static let day = "Day"
        static let resets = "Resets"

        static let verify = "Check the whole trail"
        static let isBeingChecked = "Somebody is checking the whole trail just now. Try again in a moment."

        /// What a view of the page has looked at, and what it has not.
        static func checked(_ finding: CheckAuditRows.Finding, _ shown: Int) -> Banner {
            let seen = shown == 1 ? "the row shown" : "the \(shown) rows shown"
            switch finding {
            case .sound:
                return Banner(
                    "The rows below are as they were written.", .good,
                    lines: [
                        "Checked just now: \(seen), the newest row, and the end of the trail. The rows between were not."
                    ])
            case .bad(let row): return broken("Row \(row) is not as it was written.")
            case .cut: return broken("Rows are missing at the end of the trail.")
            case .headUnknown: return broken("The head in the file audit.head is not on this trail.")
            case .footingForged: return broken("What the trail stands on was not written with this instance's key.")
            }
        }

        private static func broken(_ text: String) -> Banner {
            Banner(text, .bad, lines: ["Check the whole trail: it says what happened, and what to do."])
        }

        static func verdict(_ verdict: AuditVerdict) -> Banner {
            if let fault = verdict.fault {
                return Banner("The trail does not hold: \(fault.words).", .bad, lines: [fault.advice])
            }
            let count = verdict.rows == 1 ? "The one row" : "All \(verdict.rows) rows"
            let lines = [
                verdict.head.map { "Head, to note elsewhere: \($0)" },
                verdict.pruned.map { "\($0.rows) older rows were pruned, the last on \($0.at.rfc3339)." },
            ].compactMap(\.self)
            return Banner("\(count) of the trail are as they were written.", .good, lines: lines)
        }

        static func actor(_ kind: String?, _ name: String?, uid: UInt32?, claimed: String?) -> String? {
            let who = name ?? uid.map { "uid \($0)" }
            switch kind {
            case "operator":
                return "by \(who ?? "somebody") at the server's shell" + (claimed.map { " (as \($0))" } ?? "")
            case "administrator": return "by the administrator \(who ?? "?")"
            case "owner": return "by the owner"
            case "visitor": return "by somebody not signed in"
            case "server": return "by the server itself"
            default: return who.map { "by \($0)" }
            }
        }

        static func fromAddress(_ address: String) -> String { "from \(address)" }
        static func app(_ name: String) -> String { "in \(name)" }
        static func reason(_ text: String) -> String { "reason: \(text)" }
        static func row(_ number: Int64) -> String { "row \(number)" }

        static func proof(_ kind: String) -> String? {
            switch kind {
            case "code": "with a code"
            case "token": "with a one-time link"
            case "currentPassword": "with the current password"
            // The sentence before says it.
            case "operator": nil
            case "password": "with the password"
            case "administrator": "with an administrator's sign-in"
            default: "with \(kind)"
            }
        }

        static func outcome(_ outcome: AuditEvent.Outcome) -> String {
            switch outcome {
            case .done: "Done"
            case .refused: "Refused"
            case .throttled: "Slowed down"
            }
        }
    }
}
