/// No reuse of the last N passwords. Comparing needs the old hashes, so the flow that holds them judges; what it asks and
/// how it says no is here.
struct HistoryRule {
    let remembered: Int

    var requirements: [String] {
        switch remembered {
        case ..<1: []
        case 1: ["Not your last password"]
        default: ["Not one of your last \(remembered) passwords"]
        }
    }
}

extension PolicyViolation {
    /// For the flow that found the password among the account's earlier hashes.
    ///
    /// - Parameter remembered: how many earlier passwords the policy remembers, 1 or more.
    public static func history(remembered: Int) -> PolicyViolation {
        let which = remembered > 1 ? "one of the last \(remembered) passwords" : "the last password"
        return PolicyViolation(
            .history, message: "It is \(which) of this account. Choose one that was not used here before.")
    }
}
