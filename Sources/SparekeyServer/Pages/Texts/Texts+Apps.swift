import Sparekey

extension Texts {
    enum Apps {
        static let title = "Apps"
        static let introduction =
            "Other programs whose people recover here by codes and links, and whether each one could be reached just now. Looking changes nothing in them."
        static let none = "No program is attached yet."
        static let noneHelp =
            "On the server, sparekey apps scan looks for programs, and sparekey apps add NAME --database ADDRESS attaches one; it is here at the next look."
        static let reload = "Look again"

        static let program = "Program"
        static let profile = "Profile"
        static let database = "Database"
        static let looked = "Looked at"
        static func profile(_ name: String, _ versions: String?) -> String {
            versions.map { "\(name), for versions \($0)" } ?? "\(name): there is no such profile"
        }

        static let bindings = "Beside the database"
        static func warning(_ what: String) -> String { "\(what.prefix(1).uppercased())\(what.dropFirst())." }
        static let resets = "Last resets"
        static let noResets = "None yet, or none among the latest."
        static func undone(_ name: String) -> String { "\(name), old password put back" }
        static func number(_ number: Int64) -> String { "reset \(number)" }
        static let lookingHelp = "It has not answered yet. Look again in a moment; nothing else waits for it."

        static func state(_ state: ProgramStanding.State) -> String {
            switch state {
            case .fits: "Ready"
            case .misfit: "Does not fit its profile"
            case .unreachable: "Cannot be reached"
            case .unknown: "Not known yet"
            }
        }

        static func state(_ state: ResetRecord.State) -> String {
            switch state {
            case .done: "Done"
            case .prepared: "Cut off, not settled"
            case .abandoned: "Not done"
            case .unclear: "Unclear"
            }
        }
    }
}
