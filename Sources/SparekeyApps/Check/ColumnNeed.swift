import SparekeySQL

/// One column that a profile names, what it is for, and what it has to take.
struct ColumnNeed {
    /// The kinds of values that lie in it, or are written to it.
    enum Form: Equatable {
        case any
        /// Texts of which the program says that they are text: hashes.
        case text
        /// Texts that are compared, shown or made, of whatever type.
        case label
        case bytes
        case integer
        case truth
        /// Whole numbers since 1970.
        case clock
        /// The database's own time, or its text.
        case moment
        /// What that column of the accounts' own table holds.
        case same(as: String)
    }

    let table: String
    let column: String
    /// `the hash of the password`
    let use: String
    let form: Form
    var isWritten = false
    /// Whether NULL is written to it.
    var takesNull = false
    /// Whether its values name a row, so that no two may be equal.
    var isKey = false
}

extension ColumnNeed.Form {
    /// The form of values that a profile compares with or writes.
    init(_ values: [StoredValue]) {
        switch values.first(where: { $0 != .null }) {
        case .bool: self = .truth
        case .integer: self = .integer
        case .text: self = .label
        case nil, .null: self = .any
        }
    }

    init(_ value: NewValue) {
        switch value {
        case .constant(let constant): self.init([constant])
        case .now(.seconds), .now(.milliseconds), .now(.microseconds): self = .clock
        case .now(.timestamp), .now(.iso8601): self = .moment
        case .now(.digits), .random: self = .label
        }
    }

    init(_ encoding: StoredField.Encoding) {
        switch encoding {
        case .text: self = .text
        case .bytes: self = .bytes
        case .integer: self = .integer
        }
    }

    /// A type in a person's words.
    var words: String {
        switch self {
        case .any: "a column"
        case .text, .label: "text"
        case .bytes: "bytes"
        case .integer: "a whole number"
        case .truth: "true or false"
        case .clock: "a time as a whole number"
        case .moment: "a date and time"
        case .same(let column): "the type of the account's \(column)"
        }
    }

    /// Whether `column` takes such values. SQLite keeps what it is given: there the declared type says what the program
    /// means to write, and a column without one says nothing.
    func accepts(_ column: SchemaColumn, in dialect: SQLDialect, account: SchemaColumn?) -> Bool {
        let isSQLite = dialect == .sqlite
        if isSQLite, column.declaredType.isEmpty { return true }
        switch self {
        case .any: return true
        case .text: return column.kind == .text
        // PostgreSQL alone does not compare JSON with a text.
        case .label:
            return [.text, .uuid, .blob, .other].contains(column.kind) || column.kind == .json && dialect != .postgreSQL
        case .bytes: return column.kind == .blob
        case .integer, .truth: return [.integer, .boolean].contains(column.kind) || isSQLite && column.kind == .decimal
        case .clock: return column.kind == .integer || isSQLite && [.decimal, .timestamp].contains(column.kind)
        case .moment: return [.timestamp, .text].contains(column.kind)
        case .same: return isSQLite || account.map { $0.kind == column.kind } ?? true
        }
    }
}
