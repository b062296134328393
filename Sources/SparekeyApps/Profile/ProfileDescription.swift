import PasswordHashing

/// A profile in words: what a reset changes and what it does not. Shown by `apps show`, and the body of its page in
/// Docs/profiles.
public struct ProfileDescription: Sendable, Equatable {
    public struct Section: Sendable, Equatable {
        public let heading: String
        /// Whole clauses, each for a line or a bullet.
        public let lines: [String]
    }

    public let title: String
    /// One line on versions and databases.
    public let summary: String
    /// Those that have something to say.
    public let sections: [Section]

    public init(_ profile: Profile) {
        title = profile.title
        let databases = profile.databases.map(\.words).joined(separator: ", ")
        summary = "Profile \(profile.name) for versions \(profile.versions), in \(databases)"
        let all = [
            Section(heading: "Where accounts are", lines: profile.accounts.flatMap(Self.place) + Self.prefix(profile)),
            Section(
                heading: "What a reset changes", lines: profile.accounts.flatMap(Self.changes) + Self.files(profile)),
            Section(heading: "What it tells", lines: profile.accounts.flatMap(Self.states) + profile.afterwards),
            Section(heading: "What it refuses", lines: Self.refusals(profile)),
            Section(heading: "What it asks of a password", lines: Self.policy(profile.policy)),
            Section(heading: "What it does not do", lines: profile.limits),
            Section(heading: "What you can bind", lines: Self.labels(profile)),
            Section(heading: "What it was written from", lines: profile.sources.map(Self.source)),
        ]
        sections = all.filter { !$0.lines.isEmpty }
    }

    private static func prefix(_ profile: Profile) -> [String] {
        guard let prefix = profile.prefix else { return [] }
        let usual = prefix.usual.isEmpty ? "have no prefix" : "begin with \(prefix.usual)"
        if prefix.isChosen, prefix.text != prefix.usual {
            return ["its tables usually \(usual), and here with another"]
        }
        return [
            "its tables \(usual), or with what its settings say: that is seen in the database, and where several are "
                + "there, \(profile.name):PREFIX names one"
        ]
    }

    private static func place(_ place: AccountPlace) -> [String] {
        let found = place.lookups.map(\.words).joined(separator: " or ")
        let only = place.only.map { ", only where \($0.words)" }.joined()
        let administrators = place.role.map {
            ["administrators: \($0.condition.words)"]
        }
        return ["in \(place.store.words), found by \(found)\(only)"] + (administrators ?? [])
    }

    private static func changes(_ place: AccountPlace) -> [String] {
        let home = place.store.words
        let credentials = place.credentials.map { credential(in: home, $0) }
        let flag = place.mustChange.map { flag in
            let on = flag.on.words
            let off = flag.off.words
            return ["\(flag.column) in \(home): \(on) where the password must be changed next, else \(off)"]
        }
        return credentials + (flag ?? []) + place.effects.map { $0.words(in: home) }
    }

    private static func files(_ profile: Profile) -> [String] {
        guard profile.keepsFiles else { return [] }
        return [
            "the file is replaced as a whole; one that is mounted by itself or has a second name is written itself with --in-place"
        ]
    }

    private static func credential(in place: String, _ credential: Credential) -> String {
        let others = credential.columns.filter { $0.key != .hash }.sorted { $0.key.rawValue < $1.key.rawValue }.map(
            \.value)
        let columns = ([credential.columns[.hash]].compactMap(\.self) + others).map(\.column)
        let formats = credential.writes.map { written in
            "\(written.cost)".isEmpty ? written.format : "\(written.format) (\(written.cost))"
        }
        let table = credential.table.map { "the table \($0.table)" } ?? place
        return "\(columns.joined(separator: ", ")) in \(table): the new \(credential.name), as \(Self.either(formats))"
    }

    private static func either(_ words: [String]) -> String {
        words.count < 2 ? words.joined() : "it was before: \(words.joined(separator: ", ")); else the first of these"
    }

    private static func states(_ place: AccountPlace) -> [String] {
        place.states.map { "when \($0.condition.words): \($0.say)" }
    }

    private static func refusals(_ profile: Profile) -> [String] {
        let whole = profile.refusal.map { ["always: \($0.reason); instead: \($0.wayOut)"] } ?? []
        return whole
            + profile.accounts.flatMap(\.refusals).map { refused in
                let words =
                    "when \(refused.condition.words): \(refused.refusal.reason); instead: \(refused.refusal.wayOut)"
                return refused.canBeConfirmed ? "\(words), or confirm it" : words
            }
    }

    private static func policy(_ policy: ProgramPolicy) -> [String] {
        var lines: [String] = []
        if policy.minimumLength > 0 {
            lines.append("at least \(policy.minimumLength) characters, beside Sparekey's own rules")
        }
        if let most = policy.maximumLength { lines.append("at most \(most) characters") }
        if policy.classes > 0 { lines.append("upper and lower case, a digit and a special character") }
        return lines
    }

    private static func labels(_ profile: Profile) -> [String] {
        let signIn = profile.signIn.map { form in
            ["the address of its sign-in: after a reset the new password is tried there once, as \(form.words)"]
        }
        return profile.secrets.map { "the secret \($0.name): \($0.what); without it \($0.without)" }
            + profile.hooks.map { "the hook \($0.name): \($0.what); without it \($0.without)" } + (signIn ?? [])
    }

    private static func source(_ source: Profile.Source) -> String {
        let commit = source.commit.map { " at \($0)" } ?? ""
        return source.files.isEmpty
            ? source.name + commit : "\(source.name)\(commit): \(source.files.joined(separator: ", "))"
    }
}

extension SignInForm {
    fileprivate var words: String {
        let fields = "\(nameField) (the account's \(naming.rawValue)) and \(passwordField)"
        switch style {
        case .form: return "the form with the fields \(fields)"
        case .json: return "JSON with \(fields)"
        }
    }
}

extension Profile.DatabaseKind {
    /// The name that people know it by.
    public var words: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgresql: "PostgreSQL"
        case .mariadb: "MySQL/MariaDB"
        case .file: "a file"
        }
    }
}

extension AccountPlace.Store {
    /// `the table users`, `the file admin-credentials.json`
    public var words: String {
        switch self {
        case .table(let name): "the table \(name)"
        case .document(let path): "the file \(path) beside the database"
        case .file: "the file"
        }
    }
}

extension Condition {
    /// `type is 0`
    public var words: String {
        let place = rows.map { "\($0.words), " } ?? ""
        return place + ownWords
    }

    private var ownWords: String {
        switch test {
        case .isOneOf(let values): "\(column) is \(values.map(\.words).joined(separator: " or "))"
        case .isNoneOf(let values): "\(column) is none of \(values.map(\.words).joined(separator: ", "))"
        case .begins(let text): "\(column) begins with \(text)"
        case .contains(let text): "\(column) contains \(text)"
        }
    }
}

extension OtherRows {
    /// `in oc_preferences, where appid is core`
    var words: String {
        let conditions = only.map(\.words).joined(separator: " and ")
        return "in \(table)" + (conditions.isEmpty ? "" : ", where \(conditions)")
    }
}

extension Lookup {
    /// `email (in any case)`
    public var words: String {
        let place = rows.map { " \($0.words)" } ?? ""
        return "\(column)\(place) (\(comparison.words))"
    }
}

extension StoredValue {
    /// As a profile spells it.
    public var words: String {
        switch self {
        case .null: "null"
        case .bool(let truth): "\(truth)"
        case .integer(let number): "\(number)"
        case .text(""): "empty"
        case .text(let text): text
        }
    }
}

extension NewValue {
    /// `the time in seconds`
    public var words: String {
        switch self {
        case .constant(let value): value.words
        case .now(.timestamp): "the time"
        case .now(.iso8601): "the time in ISO 8601"
        case .now(.digits): "the time in 14 digits"
        case .now(let spelling): "the time in \(spelling.rawValue)"
        case .random(let spelling, let bytes): "\(bytes) random bytes as \(spelling.rawValue)"
        }
    }
}

extension SideEffect {
    /// What it changes and what for: `rows of sessions where user_id is the account's id are deleted, to end sessions`.
    func words(in place: String) -> String {
        let end = ", \(purpose.words)\(mayBeMissing ? " (where the version has it)" : "")"
        switch change {
        case .set(let assignments):
            return "\(Self.words(assignments)) in \(place)\(end)"
        case .update(let table, let assignments, let terms):
            return "\(Self.words(assignments)) in rows of \(table) where \(Self.words(terms))\(end)"
        case .delete(let table, let terms):
            return "rows of \(table) where \(Self.words(terms)) are deleted\(end)"
        }
    }

    private static func words(_ assignments: [Assignment]) -> String {
        assignments.map { "\($0.column) becomes \($0.value.words)" }.joined(separator: ", ")
    }

    private static func words(_ terms: [RowTerm]) -> String {
        terms.map { term in
            switch term.value {
            case .account(let column, .exact): "\(term.column) is the account's \(column)"
            case .account(let column, let comparison): "\(term.column) is the account's \(column) \(comparison.words)"
            case .constant(let value): "\(term.column) is \(value.words)"
            }
        }.joined(separator: " and ")
    }
}
