public import PasswordHashing
public import Sparekey

/// What every directory owes the pipeline of a reset, whoever wrote it: the suite that Sparekey's own directory passes on SQLite
/// and PostgreSQL, and every shipped profile's directory on each database or file that its program uses.
///
/// ```swift
/// let suite = DirectoryConformance(directory, typed: "ADA@example.org", steps: .init(make: …, apply: …, accepts: …, contents: …))
/// @Test(arguments: DirectoryConformance.Promise.allCases)
/// func keeps(promise: DirectoryConformance.Promise) async throws { try await suite.check(promise) }
/// ```
///
/// The account has other values afterwards; several promises can be asked of one directory, one after the other.
public struct DirectoryConformance: Sendable {
    /// What only whoever wrote the directory knows.
    public struct Steps: Sendable {
        /// New columns for a password, in place of those that are stored now.
        let make: @Sendable (Password, Account, StoredColumns) async throws -> StoredColumns
        /// What the last step of a reset does: writes `new` where every value of `old` still stands, or nothing.
        let apply: @Sendable (_ new: StoredColumns, Account, _ old: StoredColumns) async throws -> ApplyOutcome
        /// Whether the program itself would take the password, as directly as it can be asked.
        let accepts: @Sendable (Password, Account) async throws -> Bool
        /// Everything that a reset could change and should not, in a form that can be compared: rows, or a file's lines.
        let contents: @Sendable () async throws -> [String]

        public init(
            make: @escaping @Sendable (Password, Account, StoredColumns) async throws -> StoredColumns,
            apply:
                @escaping @Sendable (_ new: StoredColumns, Account, _ old: StoredColumns) async throws -> ApplyOutcome,
            accepts: @escaping @Sendable (Password, Account) async throws -> Bool,
            contents: @escaping @Sendable () async throws -> [String]
        ) {
            (self.make, self.apply, self.accepts, self.contents) = (make, apply, accepts, contents)
        }
    }

    /// The raw value is the promise as a clause behind "the directory".
    public enum Promise: String, Sendable, CaseIterable {
        case findsAccount = "finds an account by a name that somebody types, and by its id"
        case findsNobody = "finds nobody for a name or an id that is nobody's"
        case resetsAccount = "has the new password after a reset and no other, and reads back what was written"
        case putsBack = "puts back what stood there before"
        case leavesChangedAlone = "changes nothing when a value is no longer the one that was read"
        case knowsDecisiveColumns = "says which columns tell a reset that was written from one that was not"
        case losesNobody = "has nothing to read of an account that is gone"
        case boundsHistory = "gives no more of its history than asked for"
    }

    private let directory: any Directory
    private let typed: String
    private let steps: Steps

    /// - Parameter typed: a name of an account that is there, in a spelling in which it is not stored where it has one.
    public init(_ directory: any Directory, typed: String, steps: Steps) {
        (self.directory, self.typed, self.steps) = (directory, typed, steps)
    }

    /// - Throws: ``BrokenPromise``, or what the directory throws where it should not.
    public func check(_ promise: Promise) async throws {
        switch promise {
        case .findsAccount: try await findsAccount()
        case .findsNobody: try await findsNobody()
        case .resetsAccount: try await resetsAccount()
        case .putsBack: try await putsBack()
        case .leavesChangedAlone: try await leavesChangedAlone()
        case .knowsDecisiveColumns: try await knowsDecisiveColumns()
        case .losesNobody: try await losesNobody()
        case .boundsHistory: try await boundsHistory()
        }
    }

    /// Every promise, one after the other.
    ///
    /// - Throws: as ``check(_:)``; of a ``BrokenPromise`` the description says which.
    public func check() async throws {
        for promise in Promise.allCases {
            do {
                try await check(promise)
            } catch let broken as BrokenPromise {
                throw BrokenPromise("the directory \(promise.rawValue): \(broken)")
            }
        }
    }

    private static let (first, second) = ("a new password 4711", "a third password 4711")

    private func account() async throws -> Account {
        try BrokenPromise.found(try await directory.find(AccountName(typed)), "there is nobody of the name \(typed)")
    }

    private func stored(_ account: Account) async throws -> StoredColumns {
        try BrokenPromise.found(try await directory.read(account), "the account that was found cannot be read")
    }

    private func made(_ password: String, _ account: Account) async throws -> (old: StoredColumns, new: StoredColumns) {
        let old = try await stored(account)
        return (old, try await steps.make(Password(utf8: password), account, old))
    }

    private func apply(_ new: StoredColumns, _ account: Account, over old: StoredColumns) async throws {
        let outcome = try await steps.apply(new, account, old)
        try BrokenPromise.unless(outcome == .applied, "a reset whose old values stand is not applied")
    }
}

// The promises.
extension DirectoryConformance {
    private func findsAccount() async throws {
        let account = try await account()
        let byID = try await directory.find(id: account.id)
        try BrokenPromise.unless(byID == account, "another account has the id of the one that was found")
        let several = try await directory.find([AccountName(typed), AccountName(Self.nobody), AccountName(typed)])
        try BrokenPromise.unless(
            several == [account, nil, account], "several names at once mean others than one by one")
    }

    private static let nobody = "nobody-of-this-name"

    private func findsNobody() async throws {
        for name in [Self.nobody, "", "' OR 1=1 --", "%", "*", "\(typed)\u{0}", "\(typed) "] {
            // A name is what somebody typed: spaces around it are none of it.
            guard AccountName(name) != AccountName(typed) else { continue }
            let found = try await directory.find(AccountName(name))
            try BrokenPromise.unless(found == nil, "a name that is nobody's is somebody's")
        }
        let account = try await account()
        for id in ["9' OR '1'='1", "", "\(account.id)x", "+\(account.id)"] {
            let found = try await directory.find(id: id)
            try BrokenPromise.unless(found == nil, "an id that is nobody's is somebody's")
        }
    }

    private func resetsAccount() async throws {
        let account = try await account()
        let (old, new) = try await made(Self.first, account)
        try await apply(new, account, over: old)
        let stands = try await stored(account)
        try BrokenPromise.unless(
            stands.agrees(with: new, in: Set(new.values.keys)), "what is read is not what was written")
        let isAccepted = try await steps.accepts(Password(utf8: Self.first), account)
        try BrokenPromise.unless(isAccepted, "the new password does not work")
        let isTaken = try await steps.accepts(Password(utf8: Self.second), account)
        try BrokenPromise.unless(!isTaken, "another password works too")
    }

    private func putsBack() async throws {
        let account = try await account()
        let (old, new) = try await made(Self.first, account)
        try await apply(new, account, over: old)
        try await apply(old, account, over: new)
        let stands = try await stored(account)
        try BrokenPromise.unless(stands == old, "something else stands there than before")
    }

    private func leavesChangedAlone() async throws {
        let account = try await account()
        let (old, new) = try await made(Self.first, account)
        let other = try await steps.make(Password(utf8: Self.second), account, old)
        try await apply(new, account, over: old)
        let before = try await steps.contents()
        let outcome = try await steps.apply(other, account, old)
        try BrokenPromise.unless(outcome == .changedMeanwhile, "what somebody else wrote is written over")
        let after = try await steps.contents()
        try BrokenPromise.unless(before == after, "something was written all the same")
    }

    private func knowsDecisiveColumns() async throws {
        let account = try await account()
        let (old, new) = try await made(Self.first, account)
        let decisive = directory.decisiveColumns
        try BrokenPromise.unless(!decisive.isEmpty, "no column decides")
        // An account need not have all of them: a program can keep some in a file, and others in a table.
        try BrokenPromise.unless(!decisive.isDisjoint(with: old.values.keys), "no column that is read decides")
        try BrokenPromise.unless(
            !new.agrees(with: old, in: decisive), "the columns that decide are the same after a reset")
    }

    private func losesNobody() async throws {
        let account = try await account()
        let gone = Account(
            id: "9' OR '1'='1", username: account.username, email: account.email, displayName: account.displayName,
            role: account.role, isActive: true, createdAt: nil)
        let found = try await directory.read(gone)
        try BrokenPromise.unless(found == nil, "an account that is gone has another one's values")
    }

    private func boundsHistory() async throws {
        let account = try await account()
        for limit in [0, 1, 3] {
            let count = try await directory.passwordHistory(of: account, limit: limit).count
            try BrokenPromise.unless(count <= limit, "\(count) hashes of its history where \(limit) were asked for")
        }
    }
}
