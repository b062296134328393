import PasswordHashing
import Sparekey
import SparekeySQL

/// A column that a reset writes in the row of an account, or in a row that belongs to it.
struct WrittenColumn {
    enum Content {
        case credential(Credential, part: StoredCredential.Field, encoding: StoredField.Encoding)
        case flag(MustChangeFlag)
        case stamp(NewValue)
    }

    /// Its name in a ``StoredColumns``: `users.password`.
    let name: String
    /// Nil for the account's own row.
    let keyed: KeyedTable?
    let target: Target
    let content: Content

    /// Where it lies.
    enum Target {
        case column(SchemaColumn)
        /// Of a document.
        case key(String)

        var name: String {
            switch self {
            case .column(let column): column.name
            case .key(let key): key
            }
        }

        /// `value` as it is kept there.
        ///
        /// - Throws: ``SQLError`` where a column does not take it.
        func taking(_ value: SQLValue, like old: SQLValue) throws -> SQLValue {
            switch self {
            case .column(let column): try column.taking(value, like: old).value
            case .key: value
            }
        }
    }

    /// Of a table: a document has none.
    var column: SchemaColumn {
        guard case .column(let column) = target else { preconditionFailure("a table is written column by column") }
        return column
    }

    /// The name that a column has in ``StoredColumns``; the same in `decisiveColumns`.
    static func name(_ table: String, _ column: String) -> String { "\(table).\(column)" }
}

extension AccountPlace {
    /// The columns that say which password is in force.
    var decisiveColumns: Set<String> {
        var names = credentials.flatMap { credential in
            credential.columns.values.map { WrittenColumn.name(credential.table?.table ?? store.name, $0.column) }
        }
        if let mustChange { names.append(WrittenColumn.name(store.name, mustChange.column)) }
        return Set(names)
    }
}

extension AccountPlace.Store {
    /// The table's name, or the document's path; `file` for a file that is alone.
    var name: String {
        switch self {
        case .table(let name): name
        case .document(let path): path
        case .file: "file"
        }
    }
}

extension SQLValue {
    /// As the journal keeps it.
    var stored: Sparekey.StoredValue {
        switch self {
        case .null: .null
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .text(let text): .text(text)
        case .blob(let bytes): .bytes(bytes)
        }
    }

    init(_ stored: Sparekey.StoredValue) {
        switch stored {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        case .bytes(let bytes): self = .blob(bytes)
        }
    }

    /// As a text of a stored password, or nil for none.
    var credentialText: String? {
        switch self {
        case .text(let text): text
        case .blob(let bytes): String(validating: bytes, as: UTF8.self) ?? "\u{FFFD}"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .null: nil
        }
    }
}
