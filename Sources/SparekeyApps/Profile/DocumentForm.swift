/// How a file holds accounts: in which notation, and where in it.
public struct DocumentForm: Sendable, Equatable {
    public enum Notation: Sendable, Equatable {
        /// RFC 8259.
        case json
        /// YAML 1.2, as far as only one reading is possible.
        case yaml
        /// An account a line.
        case lines(LineForm)
    }

    public enum Accounts: Sendable, Equatable {
        /// The document itself is one account; its keys take the place of columns.
        case document
        /// The objects of a list, at the end of these keys.
        case list([String])
        /// The members of a mapping, at the end of these keys; the name of each takes the place of the column `key`.
        case members([String], key: String)
    }

    public let notation: Notation
    public let accounts: Accounts

    /// A JSON file with one account.
    static let single = DocumentForm(notation: .json, accounts: .document)
}

/// Lines of fields between colons, as in passwd(5). Empty lines and those that begin with `#` hold no account.
public struct LineForm: Sendable, Equatable {
    /// By their names; a line has no more of them, unless the last one takes the rest.
    public let fields: [String]
    /// How many each line has at least.
    public let least: Int
    /// Whether the last field takes further colons.
    public let takesRest: Bool
    /// Whether `\` goes before a colon, a `#` or itself, and a `#` ends the line wherever it stands.
    public let isEscaped: Bool
}

extension DocumentForm {
    /// The most bytes of a file that is read as a whole (house.md, Bounds). Lines are cheap, and mail servers have many.
    var mostBytes: Int {
        if case .lines = notation { return Self.mostBytesOfAny }
        return 256 * 1_024
    }

    static let mostBytesOfAny = 4_096 * 1_024
}
