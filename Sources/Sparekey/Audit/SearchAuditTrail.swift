/// Finds rows of the audit trail by person, action, outcome and time, a page at a time.
public struct SearchAuditTrail: Sendable {
    /// How many rows one call looks at, at most: where little is found, the caller goes on from ``Finding/next``.
    public static let lookedAt = 5000

    public struct Finding: Sendable {
        public let rows: [AuditRow]
        /// What to name as `before` for older rows; nil at the end.
        public let next: Int64?
        /// Whether the search stopped before it had found as many as were wanted, because it had looked at enough.
        public let isUnfinished: Bool
    }

    private let index: any AuditIndex
    private let register: any AccountRegister

    public init(index: any AuditIndex, register: any AccountRegister) {
        self.index = index
        self.register = register
    }

    /// - Returns: newest first.
    public func callAsFunction(_ filter: AuditFilter, before: Int64?, limit: Int) async throws -> Finding {
        var walk = try await AuditLaneWalk(filter, isNewestFirst: true, index: index, register: register)
        if let before { walk.span.before = min(walk.span.before ?? before, before) }
        var found: [AuditRow] = []
        var seen = 0
        var batch = limit + 1
        while let rows = try await walk.next(batch) {
            seen += rows.count
            for row in rows where walk.admits(row) {
                if found.count == limit { return Finding(rows: found, next: found.last?.sequence, isUnfinished: false) }
                found.append(row)
            }
            if seen >= Self.lookedAt, !walk.isAtEnd {
                return Finding(rows: found, next: walk.span.before, isUnfinished: true)
            }
            batch = min(batch * 4, VerifyAuditTrail.pageSize)
        }
        return Finding(rows: found, next: nil, isUnfinished: false)
    }
}

/// Writes rows of the audit trail as lines of JSON, oldest first (``AuditExportLine``).
public struct ExportAuditTrail: Sendable {
    private let index: any AuditIndex
    private let register: any AccountRegister

    public init(index: any AuditIndex, register: any AccountRegister) {
        self.index = index
        self.register = register
    }

    /// - Parameters:
    ///   - write: takes some lines at a time, each without its line feed; memory is bounded.
    ///   - progress: told how many rows were written.
    /// - Returns: how many rows were written.
    @discardableResult
    public func callAsFunction(
        _ filter: AuditFilter = AuditFilter(), progress: (Int64) -> Void = { _ in },
        write: ([String]) async throws -> Void
    ) async throws -> Int64 {
        var walk = try await AuditLaneWalk(filter, isNewestFirst: false, index: index, register: register)
        var written: Int64 = 0
        while let rows = try await walk.next(VerifyAuditTrail.pageSize) {
            let lines = try rows.filter(walk.admits).map { try AuditExportLine($0).text }
            try await write(lines)
            written += Int64(lines.count)
            progress(written)
        }
        return written
    }
}

/// Walks the lanes that a filter is found by, side by side.
private struct AuditLaneWalk {
    private let filter: AuditFilter
    private let index: any AuditIndex
    private let account: Account?
    private let lanes: [AuditLane]
    var span: AuditSpan
    private(set) var isAtEnd = false

    init(
        _ filter: AuditFilter, isNewestFirst: Bool, index: any AuditIndex, register: any AccountRegister
    ) async throws {
        self.filter = filter
        self.index = index
        account = if let person = filter.person { try await register.find(AccountName(person)) } else { nil }
        lanes =
            if let account {
                [.about(account.id), .actor(account.id)]
            } else if let action = filter.action {
                [.action(action)]
            } else if let outcome = filter.outcome, outcome != .done {
                [.outcome(outcome)]
            } else {
                [.all]
            }
        span = AuditSpan(isNewestFirst: isNewestFirst)
        if let since = filter.since { span.after = (try await index.number(at: since)).map { $0 - 1 } ?? .max }
        if let until = filter.until { span.before = try await index.number(at: until) }
    }

    /// The next rows of all lanes, in order and each once; nil at the end.
    mutating func next(_ limit: Int) async throws -> [AuditRow]? {
        guard !isAtEnd, span.after ?? .min < span.before ?? .max else { return nil }
        var rows: [Int64: AuditRow] = [:]
        var unnumbered: [AuditRow] = []
        /// Beyond it a lane may hold rows that were not read yet.
        var edge: Int64?
        for lane in lanes {
            let found = try await index.rows(on: lane, in: span, limit: limit)
            for row in found {
                if let number = row.sequence { rows[number] = row } else { unnumbered.append(row) }
            }
            guard found.count == limit, let last = found.last(where: { $0.sequence != nil })?.sequence else { continue }
            edge = edge.map { span.isNewestFirst ? max($0, last) : min($0, last) } ?? last
        }
        isAtEnd = edge == nil
        let newestFirst = span.isNewestFirst
        if let edge { if newestFirst { span.before = edge } else { span.after = edge } }
        let complete = rows.filter { number, _ in edge.map { newestFirst ? number >= $0 : number <= $0 } ?? true }
        return complete.sorted { newestFirst ? $0.key > $1.key : $0.key < $1.key }.map(\.value) + unnumbered
    }

    /// A row that nobody can read is shown where every row is.
    func admits(_ row: AuditRow) -> Bool {
        guard filter != AuditFilter() else { return true }
        return (try? AuditRecord(row)).map { filter.admits($0, account: account) } ?? false
    }
}
