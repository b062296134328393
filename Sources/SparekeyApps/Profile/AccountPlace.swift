/// One place where accounts live: a table, a document beside the database, or a file alone.
public struct AccountPlace: Sendable, Equatable {
    public enum Store: Sendable, Equatable {
        /// A table of the database, by its name without quotes or schema.
        case table(String)
        /// A JSON file that holds one account as an object; its keys take the place of columns. The path is relative to the
        /// folder of the database. It may be missing: then nobody lives there.
        case document(path: String)
        /// The file that is all that the program has: it is named like a database.
        case file(DocumentForm)

        /// Of what is no table.
        var form: DocumentForm? {
            switch self {
            case .table: nil
            case .document: .single
            case .file(let form): form
            }
        }
    }

    public let store: Store
    /// The column that names the row for good.
    public let id: String
    /// By what people name themselves, in the order in which they are tried. Two rows for one name are refused.
    public let lookups: [Lookup]
    /// Which rows are accounts of people at all; every condition must hold.
    public let only: [Condition]
    public let identity: Identity
    public let role: Role?
    /// What stops somebody from signing in, or matters to them, beside the password. The reset goes on and says it.
    public let states: [AccountState]
    /// When this account is not reset, and why.
    public let refusals: [AccountRefusal]
    /// All are written, together.
    public let credentials: [Credential]
    /// The program's own "must change the password first".
    public let mustChange: MustChangeFlag?
    /// What else a reset does, in this order, in the transaction of the credentials.
    public let effects: [SideEffect]
}

/// How a typed name is compared with a column.
public enum NameComparison: String, Sendable, CaseIterable {
    /// Byte for byte.
    case exact
    /// The typed name in lower case; the program stores it so.
    case lower
    /// Both in lower case; the program stores it as it was typed once.
    case anyCase = "any_case"
    /// The typed name with a capital first letter; the program stores it so.
    case firstUpper = "first_upper"

    /// What it says to a person.
    public var words: String {
        switch self {
        case .exact: "exactly as written"
        case .lower: "in lower case"
        case .anyCase: "in any case"
        case .firstUpper: "with a capital first letter"
        }
    }
}

public struct Lookup: Sendable, Equatable {
    public let column: String
    public let comparison: NameComparison
    /// Where the column lies, when that is not the account's own row.
    public let rows: OtherRows?

    public init(column: String, comparison: NameComparison, rows: OtherRows? = nil) {
        self.column = column
        self.comparison = comparison
        self.rows = rows
    }
}

/// Which columns tell a person whom they have found.
public struct Identity: Sendable, Equatable {
    public let username: String?
    public let email: String?
    /// Joined by a space.
    public let name: [String]
}

/// Who is an administrator.
public struct Role: Sendable, Equatable {
    public let condition: Condition
}

/// A state that is said, with the condition under which it is.
public struct AccountState: Sendable, Equatable {
    public let condition: Condition
    /// Whether nobody signs in to the account while it holds, whatever the password.
    public let blocks: Bool
    /// A sentence's middle: `the account is deactivated`.
    public let say: String
}

/// A refusal for accounts of one kind.
public struct AccountRefusal: Sendable, Equatable {
    public let condition: Condition
    /// True where an explicit yes, after the reason was read, lifts it.
    public let canBeConfirmed: Bool
    public let refusal: Refusal
}

/// The flag of RST-1, where a program has one.
public struct MustChangeFlag: Sendable, Equatable {
    public let column: String
    public let on: StoredValue
    public let off: StoredValue
}

/// Something about one column that holds or does not.
public struct Condition: Sendable, Equatable {
    public enum Test: Sendable, Equatable {
        case isOneOf([StoredValue])
        case isNoneOf([StoredValue])
        case begins(String)
        case contains(String)
    }

    public let column: String
    public let test: Test
    /// Where the column lies, when that is not the account's own row: it holds when one of those rows has it so.
    public let rows: OtherRows?

    public init(column: String, test: Test, rows: OtherRows? = nil) {
        self.column = column
        self.test = test
        self.rows = rows
    }
}

/// Rows of another table by which something is asked about the account.
public struct OtherRows: Sendable, Equatable {
    public let table: String
    /// The column that holds the account's id; nil for settings of the whole program.
    public let key: String?
    /// Which of those rows; on their own columns.
    public let only: [Condition]
}

/// A value as it lies in a column. The engine writes and compares it in the column's own type: `true` is 1 where truth is
/// a number.
public enum StoredValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case text(String)
}
