/// What a database that nobody described seems to keep its accounts in. Holds no value of it.
public struct DetectedAccounts: Sendable {
    /// How far it can be trusted, in a word.
    public enum Confidence: String, Sendable, Comparable, CaseIterable {
        case unsure, likely, sure

        public static func < (left: Confidence, right: Confidence) -> Bool {
            allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
        }
    }

    /// Each part for itself: a table can be plain where its format is not.
    public struct Parts: Sendable, Hashable {
        public let table: Confidence
        public let identity: Confidence
        public let password: Confidence
        public let format: Confidence

        /// A proposal is as good as its weakest part.
        public var least: Confidence { min(table, identity, password, format) }
    }

    public let table: String
    /// By what each is for: `id`, `username`, `email`, `password`, `salt`, `role`, `mustChange` …
    public let columns: [String: String]
    /// The table that the passwords lie in, where that is another one.
    public let passwordTable: String?
    /// As profiles name it; nil where the values are of no form that is known.
    public let format: String?
    public let parts: Parts
    /// What speaks for it, and what could not be known: a line each. Names in it are cleaned.
    public let evidence: [String]
    /// A profile as it would be saved, and read; nil where nothing can be proposed.
    public let document: String?
    public let profile: Profile?
    /// Why there is no profile.
    public let withoutProfile: String?

    public var confidence: Confidence { profile == nil ? .unsure : parts.least }
}

/// What was looked at, and what was found.
public struct DetectionReport: Sendable {
    /// Without a password.
    public let place: String
    public let kind: Profile.DatabaseKind
    /// As the database says it.
    public let version: String
    /// The likeliest first; at most three.
    public let candidates: [DetectedAccounts]
    /// What a person should know of how it was looked at.
    public let notes: [String]
}
