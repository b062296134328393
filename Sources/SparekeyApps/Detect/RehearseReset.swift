import PasswordHashing
public import Sparekey
public import SparekeySQL

/// Tries a profile out: resets one account by it, as a reset would, sees that the new password is accepted and that nothing
/// else changed, and takes everything back.
///
/// For a copy of a SQLite database. In a server's database it is one transaction that is rolled back: nobody else ever sees
/// it, and the row is locked for a moment. Costs two or three runs of the program's hash format.
public struct RehearseReset: Sendable {
    public struct Outcome: Sendable, Hashable {
        /// Whether the new password was accepted and another refused.
        public let isVerified: Bool
        /// Columns of the account's own row that changed.
        public let columns: [String]
        /// How many rows changed, here and in other tables.
        public let rows: Int
        /// Whether nothing changed but what the reset itself changed: no trigger, no rule of the database.
        public let isNothingElse: Bool

        /// As a line for a person.
        public var words: String {
            let accepts =
                isVerified ? "its row then accepts the new password and no other" : "the new password was NOT accepted"
            let count = rows == 1 ? "1 row" : "\(rows) rows"
            let rest = isNothingElse ? "nothing else" : "and MORE: the database changed rows by itself"
            return "one account was reset and put back: \(accepts); changed were \(count), \(rest)"
        }

        public var isGood: Bool { isVerified && isNothingElse }
    }

    /// Why there was none: a clause.
    public struct Left: Error {
        public let reason: String

        public init(reason: String) { self.reason = reason }
    }

    let profile: Profile
    let clock: any WallClock
    let random: any RandomSource

    public init(_ profile: Profile, clock: any WallClock, random: any RandomSource) {
        self.profile = profile
        self.clock = clock
        self.random = random
    }

    /// - Throws: ``Left`` where it cannot be tried, ``SQLError``.
    public func callAsFunction(in database: any SQLDatabase) async throws -> Outcome {
        if database.dialect != .sqlite { try await requireQuiet(database) }
        let reference = AppReference(name: profile.name, profile: profile.reference, database: database.place)
        let directory = ProgramDirectory(profile, in: database, reference: reference, folder: nil, isConfirmed: true)
        guard let account = try await account(directory, database) else {
            throw Left(reason: "no account was found that has a password and may be reset")
        }
        let password = Password(utf8: random.bytes(16).hexadecimal)
        guard let old = try await directory.read(account) else { throw Left(reason: "the account went away") }
        let maker = MakeProgramCredentials(directory, clock: clock, random: random)
        let new = try await maker(password, account: account, replacing: old, requireChange: false, expiresAt: nil)
        let watched = WatchedDatabase(database) { [profile] in try Self.row(of: account, profile, $0) }
        let rehearsal = ProgramDirectory(profile, in: watched, reference: reference, folder: nil, isConfirmed: true)
        // It reads back what was kept and compares it with what was made, before it is taken back.
        guard try await rehearsal.apply(new, to: account, expecting: old) == .applied, let changes = watched.changes
        else {
            throw Left(reason: "the account changed meanwhile")
        }
        return Outcome(
            isVerified: try verified(password, new, account), columns: changes.columns, rows: changes.own,
            isNothingElse: changes.all.map { $0 == changes.own } ?? true)
    }

    /// A server's triggers may act where no transaction takes it back, and some of its tables keep none.
    private func requireQuiet(_ database: any SQLDatabase) async throws {
        let profile = profile
        let obstacle = try await database.transaction(.read) { connection -> String? in
            let tables = try FoundSchema(connection, wanted: profile.tablesNamed).tables.values
            if tables.contains(where: { !$0.triggers.isEmpty }) { return "triggers would act on it" }
            if tables.contains(where: { !$0.table.isTransactional }) { return "its tables keep no transactions" }
            let cascades = try tables.contains { try !connection.schema.cascades(from: $0.table.name).isEmpty }
            return connection.dialect == .mariaDB && cascades && profile.deletes
                ? "rows elsewhere hang on those that a reset deletes" : nil
        }
        if let obstacle { throw Left(reason: obstacle) }
    }

    /// Somebody with a stored password, found by the name as a person would type it.
    private func account(_ directory: ProgramDirectory, _ database: any SQLDatabase) async throws -> Account? {
        guard let place = profile.accounts.first, case .table(let table) = place.store, let lookup = place.lookups.first
        else { return nil }
        let names = try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT \(identifier: lookup.column) AS name FROM \(table: TableName(table))
                WHERE \(identifier: lookup.column) IS NOT NULL LIMIT 20
                """
            ).compactMap { $0["name"].credentialText }
        }
        for name in names {
            guard let found = try? await directory.look(name), let stored = try? await directory.read(found.account),
                place.credentials.allSatisfy({ isReadable($0, stored) })
            else { continue }
            return found.account
        }
        return nil
    }

    private func isReadable(_ credential: Credential, _ stored: StoredColumns) -> Bool {
        CredentialFormats.standard.identify(self.stored(credential, stored), among: credential.reads) != nil
    }

    private func verified(_ password: Password, _ new: StoredColumns, _ account: Account) throws -> Bool {
        let other = Password(utf8: random.bytes(16).hexadecimal)
        return try profile.accounts.flatMap(\.credentials).allSatisfy { credential in
            let value = stored(credential, new)
            guard let format = CredentialFormats.standard.identify(value, among: credential.reads) else { return false }
            let inputs = CredentialInputs(username: account.username)
            return try format.verify(password, against: value, inputs: inputs)
                && !format.verify(other, against: value, inputs: inputs)
        }
    }

    private func stored(_ credential: Credential, _ columns: StoredColumns) -> StoredCredential {
        let home = profile.accounts.first?.store.name ?? ""
        return StoredCredential(
            credential.columns.reduce(into: [:]) { texts, field in
                let name = WrittenColumn.name(credential.table?.table ?? home, field.value.column)
                texts[field.key] = SQLValue(columns[name]).credentialText
            })
    }

    private static func row(
        of account: Account, _ profile: Profile, _ connection: any SQLConnection
    ) throws -> SQLRow? {
        let view = try ProgramView(profile, connection)
        guard let table = view.tables[0] else { return nil }
        return try connection.query(
            "SELECT * FROM \(table: table.home.table.name) WHERE \(part: table.isAccount(account.id)) LIMIT 1"
        ).first
    }
}

extension Profile {
    fileprivate var deletes: Bool {
        accounts.flatMap(\.effects).contains { if case .delete = $0.change { true } else { false } }
    }
}
