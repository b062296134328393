/// One thing that a recovery needs, and whether it is as it must be.
public struct HealthCheck: Sendable, Hashable {
    public enum Level: String, Sendable {
        case ok
        /// A recovery works today; something should be seen to.
        case warning
        /// A recovery would fail, or nobody could use its result.
        case wrong
    }

    /// What was looked at, as in `key file`.
    public let name: String
    public let level: Level
    /// What was found: lower case, no full stop. Never holds a password, hash or key.
    public let detail: String
    /// What to do about it; nil where nothing needs doing.
    public let remedy: String?

    public init(_ name: String, _ level: Level, _ detail: String, remedy: String? = nil) {
        self.name = name
        self.level = level
        self.detail = detail
        self.remedy = remedy
    }

    public static func ok(_ name: String, _ detail: String) -> HealthCheck {
        HealthCheck(name, .ok, detail)
    }
}

/// The names of a few accounts out of many that are concerned.
struct ConcernedAccounts {
    /// The most names that are told.
    static let limit = 10

    private(set) var count = 0
    private var names: [String] = []

    mutating func add(_ username: String) {
        count += 1
        if names.count < Self.limit { names.append(DisplayText(username, limit: 64).text) }
    }

    /// `ada, grace and 3 more`.
    var text: String {
        let more = count - names.count
        return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    /// `1 account` or `12 accounts`.
    var number: String { count == 1 ? "1 account" : "\(count) accounts" }
}
