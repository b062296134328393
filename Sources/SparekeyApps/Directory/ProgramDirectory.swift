public import Sparekey
public import SparekeySQL

/// A program's accounts as a directory (APP-1): looked up, read and changed exactly as its profile says.
///
/// Every call is one transaction that first holds the schema against the profile, so that what was checked is what is
/// changed. A place that is a document beside the database is read and changed by ``ProgramDocuments``.
public struct ProgramDirectory: AppDirectory {
    public let profile: Profile
    public let reference: AppReference
    /// Whether refusals that an explicit yes lifts are lifted.
    public let isConfirmed: Bool
    /// Nil where a file is all that the program has.
    let database: (any SQLDatabase)?
    let documents: ProgramDocuments

    public init(
        _ profile: Profile, in database: any SQLDatabase, reference: AppReference, folder: String?,
        isConfirmed: Bool = false, isInPlace: Bool = false
    ) {
        self.profile = profile
        self.database = database
        self.reference = reference
        self.isConfirmed = isConfirmed
        documents = ProgramDocuments(
            profile: profile, home: folder.map(ProgramDocuments.Home.folder) ?? .none, isInPlace: isInPlace)
    }

    /// A program whose accounts are in one file.
    ///
    /// - Parameters:
    ///   - file: its path, which is no link.
    ///   - isInPlace: whether the file itself is written (`--in-place`); of documents beside a database the same.
    public init(
        _ profile: Profile, in file: String, reference: AppReference, isConfirmed: Bool = false, isInPlace: Bool = false
    ) {
        self.profile = profile
        database = nil
        self.reference = reference
        self.isConfirmed = isConfirmed
        documents = ProgramDocuments(profile: profile, home: .file(file), isInPlace: isInPlace)
    }

    public var app: AppReference? { reference }

    public var decisiveColumns: Set<String> {
        profile.accounts.reduce(into: []) { $0.formUnion($1.decisiveColumns) }
    }

    public func find(_ name: AccountName) async throws -> Account? {
        try await look(name.text)?.account
    }

    /// For self-service: one after the other, and the same work for every name, so that the time tells nothing (SEC-4). A
    /// name that several accounts have is nobody's.
    public func find(_ names: [AccountName]) async throws -> [Account?] {
        var found: [Account?] = []
        for name in names { found.append(try await findAlike(name.text)) }
        return found
    }

    private func findAlike(_ name: String) async throws -> Account? {
        let (named, any) = try await withTables(.read) { view in
            let places = view.tables.sorted { $0.key < $1.key }
            return (
                Self.unambiguous {
                    try places.compactMap { place, table in try table.find(name, alike: true).map { (place, $0) } }
                },
                try places.compactMap { place, table in try table.anyID().map { (place, $0) } }
            )
        }
        let beside = Self.unambiguous { try documents.find(name).map { ($0.place, $0.row) } }
        let rows = try named.get() + beside.get()
        // Where it is nobody's, some account is read as if it were meant.
        let parts = (rows.isEmpty ? any : rows).sorted { $0.0 < $1.0 }
        guard !parts.isEmpty else {
            // In a file: as often as for somebody, whose rows are read after that.
            for _ in 0..<2 { _ = Self.unambiguous { try documents.find(name).map { ($0.place, $0.row) } } }
            return nil
        }
        let read = try await look(ProgramAccountID(parts.map { ProgramAccountID.Part(place: $0.0, row: $0.1) }))
        return rows.isEmpty ? nil : read?.account
    }

    /// Nobody, where several have the name.
    private static func unambiguous(
        _ find: () throws -> [(Int, String)]
    ) -> Result<[(Int, String)], any Error> {
        do {
            return .success(try find())
        } catch let error as RecoveryError where error.code == .ambiguous {
            return .success([])
        } catch {
            return .failure(error)
        }
    }

    public func find(id: String) async throws -> Account? {
        guard let id = ProgramAccountID(id, places: profile.accounts.count) else { return nil }
        return try await look(id)?.account
    }

    /// The account that a person means, with its states and refusals.
    public func look(_ name: String) async throws -> ProgramAccount? {
        let found = try await withTables(.read) { view in
            try view.tables.compactMap { number, table in
                try table.find(name).map { ProgramAccountID.Part(place: number, row: $0) }
            }
        }
        let parts = (found + (try documents.find(name))).sorted { $0.place < $1.place }
        return parts.isEmpty ? nil : try await look(ProgramAccountID(parts))
    }

    public func read(_ account: Account) async throws -> StoredColumns? { try await read(account, .read) }

    public func readAfterOthers(_ account: Account) async throws -> StoredColumns? { try await read(account, .write) }

    private func read(_ account: Account, _ access: SQLAccess) async throws -> StoredColumns? {
        guard let id = ProgramAccountID(account.id, places: profile.accounts.count) else { return nil }
        let stored = try await withTables(access) { view in
            try view.rows(id, lock: access == .write).map(view.columns)
        }
        guard let stored, let beside = try documents.read(id) else { return nil }
        return StoredColumns(stored.values.merging(beside.values) { $1 })
    }

    public func isTemporary(_ columns: StoredColumns) -> (requiresChange: Bool, expiresAt: Timestamp?) {
        let isFlagged = profile.accounts.contains { place in
            guard let flag = place.mustChange else { return false }
            return columns[WrittenColumn.name(place.store.name, flag.column)].means(flag.on)
        }
        return (isFlagged, nil)
    }

    /// A program's older passwords are its own.
    public func passwordHistory(of account: Account, limit: Int) async throws -> [String] { [] }

    public func apply(
        _ new: StoredColumns, to account: Account, expecting old: StoredColumns
    ) async throws -> ApplyOutcome {
        guard let id = ProgramAccountID(account.id, places: profile.accounts.count) else { return .changedMeanwhile }
        for row in try documents.rows(id).values { try row.requireAllowed(isConfirmed: isConfirmed) }
        do {
            guard try await applyInTables(new, to: id, expecting: old) == .applied else { return .changedMeanwhile }
        } catch let error as SQLError where error.code == .busy || error.code == .conflict {
            // A lock that was not granted, or a transaction that the database took back as a whole: deadlocks among them.
            throw NothingWritten(error)
        }
        do {
            if try documents.apply(new, to: id, expecting: old) == .applied { return .applied }
        } catch {
            try await takeBackTables(old, id, expecting: new)
            throw error
        }
        try await takeBackTables(old, id, expecting: new)
        return .changedMeanwhile
    }

    func applyInTables(
        _ new: StoredColumns, to id: ProgramAccountID, expecting old: StoredColumns
    ) async throws -> ApplyOutcome {
        let (isConfirmed, traces) = (isConfirmed, WrittenForGood())
        do {
            return try await withTables(.write) { view in
                guard let rows = try view.rows(id, lock: true) else { throw ChangedMeanwhile() }
                for (number, row) in rows.sorted(by: { $0.key < $1.key }) {
                    try row.requireAllowed(isConfirmed: isConfirmed)
                    guard let table = view.tables[number],
                        try table.apply(row, to: new, expecting: old, noting: traces) == .applied
                    else { throw ChangedMeanwhile() }
                }
                // What is put off to the commit happens now, where it is seen.
                try view.bringForward()
                for (number, row) in rows { try view.tables[number]?.requireKept(new, of: row) }
                return .applied
            }
        } catch {
            try await putBack(old, id, in: traces.tables)
            if error is ChangedMeanwhile { return .changedMeanwhile }
            throw error
        }
    }

    private func look(_ id: ProgramAccountID) async throws -> ProgramAccount? {
        let rows = try await withTables(.read) { try $0.rows(id) }
        guard let rows else { return nil }
        guard try documents.found(id) != nil else { return nil }
        let beside = try documents.rows(id)
        let all = rows.merging(beside) { $1 }
        guard let first = id.parts.first, let row = all[first.place] else { return nil }
        return ProgramAccount(id.text(places: profile.accounts.count), row, in: profile.accounts[first.place])
    }
}

extension ProgramDirectory {
    /// One transaction, whose schema was held against the profile; without a database there are no tables.
    func withTables<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (ProgramView) throws -> Value
    ) async throws -> Value {
        guard let database else { return try body(ProgramView(withoutTables: profile)) }
        let profile = profile
        return try await database.transaction(access) { try body(ProgramView(profile, $0)) }
    }

    /// All of a file that accounts may be in, opened as everything here opens it.
    ///
    /// - Throws: ``AppsError`` `refused`, also for one that no notation may be as large as.
    public static func bytes(ofFile path: String) throws -> [UInt8] {
        guard let content = try DocumentFile(path: path, mostBytes: DocumentForm.mostBytesOfAny).read() else {
            throw AppsError(.refused, reason: "\(path) is gone", hint: "nothing was changed")
        }
        return content.bytes
    }

    /// Removes what a reset that was cut off may have left beside the program's files.
    public func removeDrafts() throws { try documents.removeDrafts() }
}

/// Rolls the transaction back.
private struct ChangedMeanwhile: Error {}

extension ProgramAccount {
    fileprivate init(_ id: String, _ row: AccountTable.Row, in place: AccountPlace) {
        let identity = place.identity
        let name = identity.name.compactMap { row.text($0) }.joined(separator: " ")
        let email = row.text(identity.email)
        account = Account(
            id: id, username: row.text(identity.username) ?? email ?? id, email: email,
            displayName: name, role: row.isAdministrator ? .admin : .user,
            isActive: !row.states.contains(where: \.blocks) && row.refusals.isEmpty, createdAt: nil)
        states = row.states
        refusals = row.refusals
    }
}

extension Sparekey.StoredValue {
    /// Whether a program that wrote `value` would have left this: truth may lie there as a number or a word.
    fileprivate func means(_ value: StoredValue) -> Bool {
        switch (self, value) {
        case (.null, .null): true
        case (.integer(let number), .bool(let truth)): (number != 0) == truth
        case (.integer(let number), .integer(let wanted)): number == wanted
        case (.text(let text), .text(let wanted)): text == wanted
        case (.bytes(let bytes), .text(let wanted)): bytes == Array(wanted.utf8)
        case (.text(let text), .bool(let truth)): text == "\(truth)"
        default: false
        }
    }
}
