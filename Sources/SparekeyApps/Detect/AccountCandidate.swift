import PasswordHashing
import SparekeySQL

/// A table that may hold the accounts, with what speaks for it.
struct AccountCandidate {
    /// Where the passwords lie.
    struct Place {
        let credential: FoundCredential
        /// Nil for the account's own row.
        let keyed: KeyedTable?
        let table: LookedTable
        /// Other columns of the same rows that derive from the password too: all are written together.
        let further: [FoundCredential]
    }

    let table: LookedTable
    let key: SchemaColumn
    let username: SchemaColumn?
    let email: SchemaColumn?
    let place: Place
    /// Tables with a column for one of these accounts.
    let references: Int

    init?(_ table: LookedTable, among all: [LookedTable]) {
        guard table.table.table.kind == .table, let key = table.key else { return nil }
        self.table = table
        self.key = key
        email = Self.email(of: table)
        username = Self.username(of: table, beside: email)
        guard let place = Self.place(of: table, among: all) else { return nil }
        self.place = place
        references = all.count { $0.name != table.name && $0.owner(in: table) != nil }
        guard username != nil || email != nil || place.credential.isReadable && table.meaning.accounts > 0 else {
            return nil
        }
    }

    /// Everything together; below ``least`` it is nothing.
    var score: Int {
        let identity = username == nil && email == nil ? -30 : (username == nil ? 0 : 14) + (email == nil ? 0 : 12)
        let values = email.flatMap { table.traits[$0.name]?.areEmails } == true ? 6 : 0
        let unique = [username, email].compactMap(\.self).contains { table.isUnique($0.name) } ? 6 : 0
        return table.meaning.accounts + place.credential.score + identity + values + unique + states
            + (references > 2 ? 10 : references > 0 ? 6 : 0)
    }

    static let least = 60

    /// What programs keep beside a password.
    private var states: Int {
        let isThere: [Bool] = [
            table.first { $0.isActive || $0.isDisabled } != nil, table.first(\.isMustChange) != nil,
            table.first { $0.isAdministratorFlag || $0.isRole } != nil,
            table.first { $0.isFailureCount || $0.isLockedUntil || $0.isResetToken || $0.isRememberToken } != nil,
        ]
        return min(12, isThere.count { $0 } * 4)
    }

    private static func email(of table: LookedTable) -> SchemaColumn? {
        table.columns.first { column in
            guard ColumnMeaning(column.name).isEmail, isLabel(column) else { return false }
            // A column of that name that is full of something else is not it.
            return table.traits[column.name].map { $0.filled == 0 || $0.emails > 0 } ?? true
        }
    }

    private static func username(of table: LookedTable, beside email: SchemaColumn?) -> SchemaColumn? {
        let scored = table.columns.compactMap { column -> (SchemaColumn, Int)? in
            let score = ColumnMeaning(column.name).username
            guard score > 0, isLabel(column), column.name != email?.name else { return nil }
            // `login` may be the time of one.
            guard table.traits[column.name].map({ $0.dates == 0 }) != false else { return nil }
            // Beside an address a plain name is what somebody is called, unless nobody shares it.
            guard score > 4 || table.isUnique(column.name) || email == nil else { return nil }
            if score > 4, table.traits[column.name]?.filled == 0, email != nil, !table.isUnique(column.name) {
                return nil
            }
            return (column, score)
        }
        return scored.max { $0.1 < $1.1 }?.0
    }

    /// MediaWiki keeps names as bytes.
    private static func isLabel(_ column: SchemaColumn) -> Bool {
        [.text, .other, .blob].contains(column.kind) && !column.isGenerated
    }
}

// Where the passwords are.
extension AccountCandidate {
    private static func place(of table: LookedTable, among all: [LookedTable]) -> Place? {
        let own = table.credentials.first.map { credential in
            let further = table.credentials.dropFirst().filter { $0.isReadable && ($0.nameScore == 25 || $0.isHostKey) }
            return Place(credential: credential, keyed: nil, table: table, further: further)
        }
        if let own, own.credential.isReadable { return own }
        let apart = all.filter { $0.name != table.name && $0.meaning.isCredentials }.compactMap { keyed($0, to: table) }
        return apart.max { $0.credential.score < $1.credential.score } ?? own
    }

    /// Passwords that lie in a table of their own, each with its account's id.
    private static func keyed(_ other: LookedTable, to accounts: LookedTable) -> Place? {
        guard accounts.meaning.accounts > 0, let owner = other.owner(in: accounts),
            let credential = other.credentials.first, credential.isReadable
        else { return nil }
        let kind = other.columns.first { column in
            ColumnMeaning(column.name).isKind && other.traits[column.name]?.passwordKinds.isEmpty == false
        }
        let only = kind.map { column in
            let words = other.traits[column.name]?.passwordKinds ?? []
            return [Condition(column: column.name, test: .isOneOf(words.prefix(1).map(StoredValue.text)))]
        }
        return Place(
            credential: credential, keyed: KeyedTable(table: other.name, key: owner.name, only: only ?? []),
            table: other,
            further: [])
    }
}
