import Foundation
public import Sparekey
import SparekeySQL

extension SparekeyStore: ResetJournal {
    private static var columns: SQLStatement {
        """
        number, state, unclear, app, profile, place, account_id, username, proof, reason, prepared_at, undoes,
        CASE WHEN sealed_old IS NULL OR state <> 'done' THEN NULL ELSE undo_until END AS undo_until,
        (SELECT MIN(l.number) FROM reset l WHERE \(part: isLater) AND l.undoes = reset.number) AS undone_by,
        (SELECT MAX(l.number) FROM reset l WHERE \(part: isLater)) AS followed_by,
        (SELECT MAX(l.number) FROM reset l WHERE \(part: isLater) AND l.undoes IS NULL) AS replaced_by
        """
    }

    /// Of the same account, and done after it.
    private static var isLater: SQLStatement {
        """
        l.account_id = reset.account_id AND l.number > reset.number AND l.state = 'done'
        AND COALESCE(l.place, '') = COALESCE(reset.place, '')
        """
    }

    public func records(before: Int64?, limit: Int) async throws -> [ResetRecord] {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT \(part: Self.columns) FROM reset WHERE number < \(before ?? .max)
                ORDER BY number DESC LIMIT \(limit)
                """
            ).map(Self.record)
        }
    }

    public func records(of account: Account, limit: Int) async throws -> [ResetRecord] {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT \(part: Self.columns) FROM reset WHERE account_id = \(account.id) AND app IS NULL
                ORDER BY number DESC LIMIT \(limit)
                """
            ).map(Self.record)
        }
    }

    /// No index has the app's name: so far back, and no further, the rows themselves are walked.
    public func records(inApp name: String, limit: Int) async throws -> [ResetRecord] {
        try await database.transaction(.read) { connection in
            try connection.query(
                """
                SELECT \(part: Self.columns) FROM reset
                WHERE app = \(name) AND number > (SELECT COALESCE(MAX(number), 0) FROM reset) - 20000
                ORDER BY number DESC LIMIT \(limit)
                """
            ).map(Self.record)
        }
    }

    public func record(_ number: Int64) async throws -> ResetRecord? {
        try await database.transaction(.read) { connection in
            try connection.query("SELECT \(part: Self.columns) FROM reset WHERE number = \(number)").first
                .map(Self.record)
        }
    }

    public func sealedColumns(of number: Int64) async throws -> (old: StoredColumns, new: StoredColumns)? {
        let row = try await database.transaction(.read) { connection in
            try connection.query("SELECT id, sealed_old, sealed_new FROM reset WHERE number = \(number)").first
        }
        guard let row, let old = try row.optionalBlob("sealed_old"), let new = try row.optionalBlob("sealed_new") else {
            return nil
        }
        let id = try row.text("id")
        return (
            try open(old, "reset/\(id)/old"),
            try open(new, "reset/\(id)/new")
        )
    }

    private func open(_ sealed: [UInt8], _ row: String) throws -> StoredColumns {
        try JSONDecoder().decode(StoredColumns.self, from: seal.open(sealed, for: row))
    }

    /// Nil where the row is about an own account.
    static func app(_ row: SQLRow) throws -> AppReference? {
        try row.optionalText("app").map {
            AppReference(name: $0, profile: try row.text("profile"), database: try row.text("place"))
        }
    }

    private static func record(_ row: SQLRow) throws -> ResetRecord {
        guard let state = ResetRecord.State(rawValue: try row.text("state")) else {
            throw StoreError(.damaged, reason: "a journal row has a state that does not exist")
        }
        return ResetRecord(
            number: try row.integer("number"), state: try row.bool("unclear") ? .unclear : state,
            app: try Self.app(row),
            accountID: try row.text("account_id"), username: try row.text("username"), proof: try row.text("proof"),
            reason: try row.optionalText("reason"), at: Timestamp(microseconds: try row.integer("prepared_at")),
            undoUntil: try row.optionalInteger("undo_until").map(Timestamp.init(microseconds:)),
            undoes: try row.optionalInteger("undoes"), undoneBy: try row.optionalInteger("undone_by"),
            replacedBy: try replacedBy(row))
    }

    /// Nil where the newest took one back: what this one wrote may stand again.
    private static func replacedBy(_ row: SQLRow) throws -> Int64? {
        let newest = try row.optionalInteger("replaced_by")
        return newest == (try row.optionalInteger("followed_by")) ? newest : nil
    }
}
