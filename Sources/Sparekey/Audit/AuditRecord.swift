import Foundation

/// A row of the audit trail as a person reads it. Reading checks nothing: ``VerifyAuditTrail`` does.
public struct AuditRecord: Sendable {
    public let sequence: Int64
    public let action: String?
    public let at: Timestamp?
    public let accountID: String?
    public let username: String?
    public let app: String?
    public let proof: String?
    public let reason: String?
    public let outcome: String?
    /// Who acted: the real uid, the uid of the login, the name of the first, and what `SUDO_USER` claimed.
    public let realUserID: UInt32?
    public let loginUserID: UInt32?
    public let userName: String?
    public let claimedUser: String?
    /// The word for who acted: `operator`, `administrator`, `owner`, `visitor` or `server`.
    public let actorKind: String?
    /// The account that acted, where it was one.
    public let actorAccountID: String?
    public let address: String?
    /// The keyed hash of a name as typed.
    public let nameHash: String?
    /// The heads that the row names: of the trails that a restore or a rotation ended, or the last row that was pruned.
    public let cites: [AuditHead]

    /// - Throws: ``RecoveryError`` `auditDamaged` when the row has no number. A text that is not ours has no fields.
    public init(_ row: AuditRow) throws {
        guard let number = row.sequence else {
            throw RecoveryError(
                .auditDamaged, reason: "the audit trail holds a row without a number",
                hint: "nothing of ours writes one; sparekey audit verify says where it stands")
        }
        sequence = number
        let fields = row.text.flatMap { try? JSONDecoder().decode(Fields.self, from: Data($0.utf8)) }
        action = fields?.action
        at = fields?.at.map(Timestamp.init(microseconds:))
        accountID = fields?.account
        username = fields?.username
        app = fields?.app
        proof = fields?.proof
        reason = fields?.reason
        outcome = fields?.outcome
        realUserID = fields?.uid
        loginUserID = fields?.loginUid
        userName = fields?.user
        claimedUser = fields?.claimedUser
        actorKind = fields?.kind
        actorAccountID = fields?.by
        address = fields?.address
        nameHash = fields?.name
        cites = fields?.cites?.compactMap { AuditHead($0) } ?? []
    }

    /// Whether a field holds `text`, compared without case; the time as RFC 3339 writes it.
    public func matches(_ text: String) -> Bool {
        [action, at?.rfc3339, accountID, username, app, proof, reason, userName, claimedUser, address].compactMap(
            \.self
        )
        .contains { $0.range(of: text, options: .caseInsensitive) != nil }
    }

    private struct Fields: Decodable {
        let action: String?
        let uid: UInt32?
        let loginUid: UInt32?
        let user: String?
        let claimedUser: String?
        let at: Int64?
        let account: String?
        let username: String?
        let app: String?
        let proof: String?
        let reason: String?
        let outcome: String?
        let kind: String?
        let by: String?
        let address: String?
        let name: String?
        let cites: [String]?
    }
}

/// Lists the audit trail, newest first: whoever looks asks what happened last.
public struct ListAuditTrail: Sendable {
    private let trail: any AuditTrail

    public init(_ trail: any AuditTrail) {
        self.trail = trail
    }

    /// - Parameters:
    ///   - search: only rows with a field that holds it; the whole trail may be read for that, a page at a time.
    ///   - after: a number; the listing begins behind it, with older rows.
    ///   - progress: told after each page how many rows were looked at.
    /// - Returns: at most `limit` rows, and the number to name as `after` for more; nil at the end.
    public func callAsFunction(
        search: String?, after: Int64?, limit: Int, progress: (Int64) -> Void = { _ in }
    ) async throws -> (rows: [AuditRecord], next: Int64?) {
        var found: [AuditRecord] = []
        var before = after
        var seen: Int64 = 0
        while true {
            let page = try await trail.rows(before: before, limit: VerifyAuditTrail.pageSize)
            seen += Int64(page.rows.count)
            progress(seen)
            for row in page.rows {
                let record = try AuditRecord(row)
                before = record.sequence
                guard search.map(record.matches) ?? true else { continue }
                guard found.count < limit else { return (found, found.last?.sequence) }
                found.append(record)
            }
            guard page.rows.count == VerifyAuditTrail.pageSize else { return (found, nil) }
        }
    }
}
