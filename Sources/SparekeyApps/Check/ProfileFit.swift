import SparekeySQL

/// How a profile and a database go together.
public struct ProfileFit: Sendable {
    /// Something that has to be so and is not.
    public struct Mismatch: Sendable, Hashable {
        /// Nil for what concerns the database as a whole.
        public let table: String?
        /// Nil for what concerns the table as a whole.
        public let column: String?
        /// `there is no such column`; names from the database in it are not cleaned for a terminal.
        public let found: String
        public let expected: String

        /// `user.passwd: there is no such column; expected text, for the hash of the password`
        public var words: String {
            let place = [table, column].compactMap(\.self).joined(separator: ".")
            return "\(place.isEmpty ? "the database" : place): \(found); expected \(expected)"
        }
    }

    public let profile: Profile
    /// Each column once, in the order in which the profile names them.
    public let mismatches: [Mismatch]
    /// What a reset would meet that stops nothing: triggers, tables without transactions, steps that are left out.
    public let notes: [String]
    /// Empty where the profile does not fit.
    public internal(set) var surveys: [AccountSurvey] = []

    public var fits: Bool { mismatches.isEmpty }

    init(_ profile: Profile, in schema: FoundSchema) {
        var comparison = SchemaComparison(schema: schema)
        comparison.compare(profile)
        self.profile = profile
        mismatches = comparison.mismatches
        notes = comparison.notes
    }

    init(_ profile: Profile, mismatches: [Mismatch] = [], surveys: [AccountSurvey] = []) {
        self.profile = profile
        self.mismatches = mismatches
        notes = []
        self.surveys = surveys
    }
}

extension Profile {
    /// The tables that it has to know more of than their names.
    var tablesNamed: Set<String> {
        Set(accounts.flatMap(\.needs).flatMap(\.columns).map(\.table))
    }
}
