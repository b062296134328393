import SparekeySQL
import StrictYAML

/// What hangs on an account elsewhere in the database: what a reset would clear, and what it leaves and says so.
struct RelatedRows {
    struct Cleared {
        let purpose: SideEffect.Purpose
        let table: String
        /// The column that says whose row it is, and the account's column that it equals.
        let column: String
        let account: String
        let comparison: NameComparison
    }

    let cleared: [Cleared]
    /// Clauses on what stays.
    let left: [String]

    init(_ candidate: AccountCandidate, among all: [LookedTable]) {
        var cleared: [Cleared] = []
        var left: [String] = []
        for table in all where table.name != candidate.table.name && table.name != candidate.place.keyed?.table {
            guard table.table.table.kind == .table, let purpose = Self.purpose(table) else {
                if table.meaning.isKeys, table.owner(in: candidate.table) != nil {
                    left.append("Keys in the table \(printable(table.name)) stay as they are.")
                }
                continue
            }
            if let owner = table.owner(in: candidate.table) {
                cleared.append(
                    Cleared(
                        purpose: purpose, table: table.name, column: owner.name, account: candidate.key.name,
                        comparison: .exact))
            } else if purpose == .tokens, let email = candidate.email, let theirs = table.first(\.isEmail) {
                cleared.append(
                    Cleared(
                        purpose: purpose, table: table.name, column: theirs.name, account: email.name,
                        comparison: .anyCase))
            } else if purpose == .sessions {
                left.append("No column of the table \(printable(table.name)) says whose session a row is; they stay.")
            }
        }
        self.cleared = cleared
        self.left = left
    }

    private static func purpose(_ table: LookedTable) -> SideEffect.Purpose? {
        if table.meaning.isResets { return .tokens }
        if table.meaning.isLockouts { return .lockout }
        guard table.meaning.isSessions else { return nil }
        // A session of sign-ins has something that ends it or is shown for it.
        let telling = table.columns.contains { column in
            NameWords(column.name).has([
                "token", "hash", "expires", "expire", "expiration", "expiry", "data", "payload",
            ])
                || ["lastactivity", "useragent", "expiresat"].contains(NameWords(column.name).joined)
        }
        return telling ? .sessions : nil
    }
}
