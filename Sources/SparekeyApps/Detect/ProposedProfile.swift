import PasswordHashing
import SparekeySQL
import StrictYAML

/// The text of a profile for what was detected: every line of it can be read, and the evidence stands above it.
///
/// It proposes what it saw and nothing else: no time stamps, no rules for passwords, no sessions that it could not tie to
/// the account.
struct ProposedProfile {
    let judged: JudgedCandidate
    let related: RelatedRows
    let kind: Profile.DatabaseKind
    /// What the profile is called, and the program.
    let name: String
    let title: String
    /// Tables beside those of the accounts, by which the program is told from others.
    let marks: [String]
    let head: [String]

    private var candidate: AccountCandidate { judged.candidate }
    private var table: LookedTable { judged.candidate.table }

    /// Why there can be none.
    ///
    /// A name that a profile cannot hold is none of a program's that anybody wrote by hand.
    var obstacle: String? {
        let credential = candidate.place.credential
        guard credential.isReadable else { return "the form of the stored passwords is not known" }
        guard !written.isEmpty else {
            return "passwords are stored as \(credential.formats.first?.format.name ?? ""), which is too weak to be "
                + "written; look up which better form the program reads"
        }
        guard candidate.username != nil || candidate.email != nil else {
            return "no column says by what people name themselves"
        }
        guard names.allSatisfy(Self.canStand) else { return "a table or column has a name that no profile can hold" }
        return nil
    }

    var text: String {
        let lines =
            head.map { "# \($0)" } + [
                "profile: \(name)", "title: \(Self.quoted(title))", "versions: the one that was looked at",
                "written_from:", "  - source: the database itself, by sparekey apps detect",
                "databases: [\(kind.rawValue)]",
            ] + (marks.isEmpty ? [] : ["marks: [\(marks.map(Self.quoted).joined(separator: ", "))]"]) + [
                "", "accounts:",
            ]
            + place.map { "    \($0)" }.enumerated().map { $0 == 0 ? "  - " + $1.dropFirst(4) : $1 } + ["", "limits:"]
            + limits.map { "  - \(Self.quoted($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var names: [String] {
        let credential = candidate.place.credential.columns.values.map(\.column)
        let keyed = candidate.place.keyed.map { [$0.table, $0.key] + $0.only.map(\.column) } ?? []
        let shown = [candidate.username, candidate.email].compactMap { $0?.name }
        return [table.name, candidate.key.name] + shown + credential + keyed
    }

    /// What ``ProfileMapping`` takes for the name of a table or column.
    static func canStand(_ name: String) -> Bool {
        (1...63).contains(name.utf8.count) && printable(name) == name
            && name.unicodeScalars.allSatisfy { $0.isASCII ? (0x21...0x7e).contains($0.value) : true }
            && !name.contains { "\"'`\\;".contains($0) }
    }

    /// A word as it stands, anything else in double quotes; nothing that reaches this holds a quote or backslash.
    static func quoted(_ text: String) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
        let isMeant = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
        return isWord && !isMeant && !text.isEmpty ? text : "\"\(text.filter { $0 != "\"" && $0 != "\\" })\""
    }
}

// The parts of the account.
extension ProposedProfile {
    private var place: [String] {
        let found = [candidate.username, candidate.email].compactMap(\.self)
        let shows = [("username", candidate.username), ("email", candidate.email)].compactMap { key, column in
            column.map { "\(key): \(Self.quoted($0.name))" }
        }
        return ["table: \(Self.quoted(table.name))", "id: \(Self.quoted(candidate.key.name))", "find:"]
            + found.map { "  - {column: \(Self.quoted($0.name)), compare: any_case}" }
            + ["shows: {\(shows.joined(separator: ", "))}"] + role + list("states", states) + list("refuse", refusals)
            + credentials + mustChange + list("on_reset", effects)
    }

    private func list(_ key: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["\(key):"] + lines.map { "  - \($0)" }
    }

    private var role: [String] {
        if let flag = table.flag(\.isAdministratorFlag), Self.canStand(flag.name) {
            return ["role: {column: \(Self.quoted(flag.name)), admin: true}"]
        }
        guard let column = table.first(\.isRole), [.text, .other].contains(column.kind), Self.canStand(column.name),
            let words = table.traits[column.name]?.administrators, !words.isEmpty
        else { return [] }
        return [
            "role: {column: \(Self.quoted(column.name)), admin: [\(words.map { "\"\($0)\"" }.joined(separator: ", "))]}"
        ]
    }

    private var states: [String] {
        func state(_ column: SchemaColumn?, _ test: String, blocks: Bool = true, _ say: String) -> String? {
            guard let column, Self.canStand(column.name) else { return nil }
            return "{column: \(Self.quoted(column.name)), \(test)\(blocks ? ", blocks: true" : ""), say: \(say)}"
        }
        let status = table.first(\.isStatus).flatMap { column -> String? in
            guard let word = table.traits[column.name]?.inUse else { return nil }
            return state(
                column, "is_not: \"\(word)\"", blocks: false, "its status is another than that of accounts in use")
        }
        return [
            state(table.flag(\.isActive), "is: false", "the account is not active"),
            state(table.flag(\.isDisabled), "is: true", "the account is locked or switched off"),
            state(nullable(\.isDisabledSince), "is_not: null", "the account was deleted or switched off"),
            status,
            state(
                table.flag(\.isSecondFactor), "is: true", blocks: false, "the sign-in still asks for the second factor"),
        ].compactMap(\.self)
    }

    private func nullable(_ isMeant: (ColumnMeaning) -> Bool) -> SchemaColumn? {
        table.columns.first {
            $0.isNullable && !$0.isGenerated && Self.canStand($0.name) && isMeant(ColumnMeaning($0.name))
        }
    }

    /// Accounts without a password often sign in some other way.
    private var refusals: [String] {
        let credential = candidate.place.credential
        guard candidate.place.keyed == nil, credential.hasNull else { return [] }
        return [
            "{column: \(Self.quoted(credential.hashColumn)), is: null, can_be_confirmed: true, "
                + "reason: \"the account has no password, it may sign in some other way\", "
                + "way_out: look in the program how the account signs in}"
        ]
    }

    private var mustChange: [String] {
        guard let flag = table.flag(\.isMustChange), Self.canStand(flag.name) else { return [] }
        return ["must_change: {column: \(Self.quoted(flag.name)), on: true, off: false}"]
    }
}

// What is written.
extension ProposedProfile {
    private var written: [FoundCredential.Stored] { Self.written(candidate.place.credential) }

    private static func written(_ credential: FoundCredential) -> [FoundCredential.Stored] {
        credential.formats.filter { $0.format.canMake && $0.cost != nil && !$0.format.needsPepper }
    }

    private var credentials: [String] {
        let further = candidate.place.further.filter { one in
            Self.canStand(one.hashColumn) && !Self.written(one).isEmpty && (candidate.username != nil || !one.isHostKey)
        }
        return ["credentials:"] + lines(candidate.place.credential, named: "password")
            + further.flatMap { lines($0, named: $0.hashColumn) }
    }

    private func lines(_ credential: FoundCredential, named name: String) -> [String] {
        let columns = credential.columns.sorted { $0.key.rawValue < $1.key.rawValue }.map { part, field in
            field.encoding == .text
                ? "\(part): \(Self.quoted(field.column))"
                : "\(part): {column: \(Self.quoted(field.column)), as: \(field.encoding)}"
        }
        let keyed = candidate.place.keyed.map { ["    table: \(Self.keyed($0))"] } ?? []
        let written = Self.written(credential)
        let reads = credential.formats.map(\.format.name).joined(separator: ", ")
        return ["  - name: \(Self.quoted(name))"] + keyed
            + ["    columns: {\(columns.joined(separator: ", "))}", "    reads: [\(reads)]", "    writes:"]
            + written.map { "      - \(Self.format($0))" }
    }

    private static func keyed(_ keyed: KeyedTable) -> String {
        let only = keyed.only.map { condition -> String in
            guard case .isOneOf(let values) = condition.test, let word = values.first?.words else { return "" }
            return ", only: [{column: \(quoted(condition.column)), is: \"\(word)\"}]"
        }
        return "{name: \(quoted(keyed.table)), key: \(quoted(keyed.key))\(only.joined())}"
    }

    /// As it lies there: no weaker than the weakest that was seen, and the prefix that the program is known to read.
    private static func format(_ stored: FoundCredential.Stored) -> String {
        let cost = stored.cost.map { "\($0)" } ?? ""
        let least = stored.least.map { "\($0)" } ?? ""
        let numbers = cost.isEmpty ? "" : ", cost: \"\(cost)\", floor: \"\(least)\""
        return "{format: \(stored.format.name)\(numbers)\(stored.variant.map { ", prefix: \"\($0)\"" } ?? "")}"
    }

    private var effects: [String] {
        let own = table.columns.filter { Self.canStand($0.name) && !$0.isGenerated }.compactMap(Self.cleared)
        return own
            + related.cleared.filter { Self.canStand($0.table) && Self.canStand($0.column) }.map { row in
                let account =
                    row.comparison == .exact
                    ? "{account: \(Self.quoted(row.account))}"
                    : "{account: \(Self.quoted(row.account)), compare: \(row.comparison.rawValue)}"
                return "{purpose: \(row.purpose), delete_from: \(Self.quoted(row.table)), "
                    + "where: {\(Self.quoted(row.column)): \(account)}, may_be_missing: true}"
            }
    }

    /// A column of the account's own row that is emptied.
    private static func cleared(_ column: SchemaColumn) -> String? {
        let meaning = ColumnMeaning(column.name)
        func set(_ purpose: SideEffect.Purpose, _ value: String) -> String {
            "{purpose: \(purpose), set: {\(quoted(column.name)): \(value)}}"
        }
        if meaning.isFailureCount, column.kind == .integer { return set(.lockout, "0") }
        if meaning.isLockedUntil {
            if column.kind == .integer, column.defaultExpression == "0" || !column.isNullable {
                return set(.lockout, "0")
            }
            return column.isNullable ? set(.lockout, "null") : nil
        }
        if meaning.isResetToken, column.isNullable { return set(.tokens, "null") }
        if meaning.isRememberToken, column.isNullable { return set(.sessions, "null") }
        if meaning.isSecurityStamp, column.kind == .text { return set(.sessions, "{random: hex, bytes: 16}") }
        return nil
    }

    private var limits: [String] {
        let ended = related.cleared.contains { $0.purpose == .sessions }
        let sessions =
            ended
            ? []
            : ["No table was found that holds sessions: whoever is signed in may stay so until the program forgets it."]
        let kept = related.left.prefix(20)
        return sessions + kept + [
            "What the program keeps elsewhere is not known: files, caches, its own memory. Try the first reset on an account whose loss can be borne.",
            "Whether the program adds a secret of its own to a password before it stores it cannot be seen in the database.",
        ]
    }
}
