import Sparekey
import SparekeySQL
import Synchronization

/// Who keeps the head of the audit trail, and how it is brought up to date.
final class AuditHeadNotes: Sendable {
    let keeper: (any AuditHeadKeeper)?
    private let key: InstanceKey
    /// Rung when the head lags; nil while nobody waits for it, so that nothing may lag.
    private let bell = Mutex<AsyncStream<Void>.Continuation?>(nil)

    init(keeper: (any AuditHeadKeeper)?, key: InstanceKey) {
        self.keeper = keeper
        self.key = key
    }

    /// Keeps the head now, or leaves it to ``keepLagging(_:by:)`` where that runs.
    func noteLater(_ database: any SQLDatabase) async {
        let isLeft = bell.withLock { bell in
            bell?.yield()
            return bell != nil
        }
        if !isLeft { await note(database) }
    }

    /// Keeps the head for many rows at once, no more often than every `lag`, until the task is cancelled. Call ``note(_:)``
    /// afterwards.
    func keepLagging(_ database: any SQLDatabase, by lag: Duration) async {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        bell.withLock { $0 = continuation }
        defer { bell.withLock { $0 = nil } }
        // What an end by force left behind.
        continuation.yield()
        for await _ in stream {
            await note(database)
            try? await Task.sleep(for: lag)
        }
    }

    /// Keeps the head as `database` has committed it.
    ///
    /// The row is committed whatever happens here, so nothing is thrown: a head that lags is kept with the next row, and
    /// `audit verify` says how far it lags. A kept head that is no row of the trail stays as it is: it is the evidence.
    ///
    /// - Parameter stretch: what was just committed. Where the kept head is the row that it links to, it is the trail's, and the
    ///   database is not asked again.
    func note(_ database: any SQLDatabase, _ stretch: AuditStretch? = nil) async {
        guard let keeper else { return }
        do {
            // Again when another process has kept its own head in between.
            for _ in 0..<32 {
                let (kept, epochs) = try await kept(keeper, database)
                let continued = kept.flatMap { stretch?.continued($0) }
                let found = if let continued { continued } else { try await next(kept, epochs, database) }
                guard let next = found else { return }
                let isRestored = (kept?.head.sequence ?? 0) >= next.head.sequence
                if try await keeper.replace(kept, with: next, epochs, isRestored: isRestored) { return }
            }
        } catch {
            // It follows with the next row.
        }
    }

    /// What is kept, and the keys it was read with: those of ended epochs only where the present one does not read it.
    private func kept(
        _ keeper: any AuditHeadKeeper, _ database: any SQLDatabase
    ) async throws -> (KeptAuditHead?, AuditEpochs) {
        let present = AuditEpochs(AuditChain(key))
        do {
            return (try await keeper.kept(present), present)
        } catch let error as RecoveryError where error.code == .auditHeadForged {
            let all = try AuditEpochs(key, try await database.transaction(.read) { try SparekeyStore.epochs($0) })
            return (try await keeper.kept(all), all)
        }
    }

    /// The head to keep after `kept`; nil where `kept` is as far as the trail, or does not lie on it.
    private func next(
        _ kept: KeptAuditHead?, _ epochs: AuditEpochs, _ database: any SQLDatabase
    ) async throws -> KeptAuditHead? {
        try await database.transaction(.read) { [key] connection in
            guard let head = try SparekeyStore.auditHead(connection) else { return nil }
            let anchor = try StoreSchema.meta(AuditMeta.anchor, connection).flatMap {
                AuditAnchor(sealed: $0, epochs.present)
            }
            guard let origin = try anchor?.origin ?? Self.mac(of: 1, connection) else { return nil }
            let next = KeptAuditHead(head: head, origin: origin)
            guard let kept, kept != next else { return kept == nil ? next : nil }
            if kept.origin == origin, kept.head.sequence < head.sequence {
                let isPruned = kept.head.sequence < anchor?.head.sequence ?? 0
                let mac = try kept.head == anchor?.head ? kept.head.mac : Self.mac(of: kept.head.sequence, connection)
                if isPruned || mac == kept.head.mac { return next }
            }
            return try Self.isCited(kept.head, key, connection) ? next : nil
        }
    }

    /// Whether the row that begins an epoch says that the trail of `head` ended there.
    private static func isCited(_ head: AuditHead, _ key: InstanceKey, _ connection: any SQLConnection) throws -> Bool {
        let stored = try SparekeyStore.epochs(connection)
        let epochs = try AuditEpochs(key, stored)
        for first in stored.map(\.first) {
            let rows = try connection.query(
                """
                SELECT sequence, row, mac FROM audit WHERE sequence IN (\(first - 1), \(first)) ORDER BY sequence
                """
            ).map(SparekeyStore.auditRow)
            guard let row = rows.last, let previous = rows.first?.mac, rows.count == 2 else { continue }
            guard epochs.isLinked(row, behind: previous), try AuditRecord(row).cites.contains(head) else { continue }
            return true
        }
        return false
    }

    private static func mac(of sequence: Int64, _ connection: any SQLConnection) throws -> [UInt8]? {
        try connection.query("SELECT mac FROM audit WHERE sequence = \(sequence)").first?.blob("mac")
    }
}

/// The rows that one transaction appended to the audit trail.
struct AuditStretch: Sendable {
    /// The row that its first one links to.
    let before: AuditHead
    let last: AuditHead

    /// What to keep after `kept`; nil where other rows are in between.
    func continued(_ kept: KeptAuditHead) -> KeptAuditHead? {
        kept.head == before ? KeptAuditHead(head: last, origin: kept.origin) : nil
    }
}

/// The store's database: every write holds the store's key, and the head of the audit trail is kept after every commit
/// that appended to it.
struct HeadNotingDatabase: SQLDatabase {
    let base: any SQLDatabase
    let notes: AuditHeadNotes
    /// ``InstanceKey/checkValue`` of the store's key.
    let check: String

    var dialect: SQLDialect { base.dialect }
    var place: String { base.place }

    func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        guard access == .write else { return try await base.transaction(access, body) }
        let (value, appended, stretch) = try await base.transaction(access) { connection in
            try requireKey(connection)
            let noted = AppendingConnection(connection)
            return (try body(noted), noted.appended, noted.stretch)
        }
        switch appended {
        case .nothing: break
        case .onlyWhatMayLag: await notes.noteLater(base)
        case .more: await notes.note(base, stretch)
        }
        return value
    }

    func query(_ statement: SQLStatement) async throws -> [SQLRow] {
        try await base.query(statement)
    }

    func lock(_ number: Int64) async throws -> (any SQLLock)? {
        try await base.lock(number)
    }

    func close() async {
        await base.close()
    }

    /// A key that was rotated away while this process runs must write nothing any more. The row's lock makes a rotation
    /// wait for this transaction, and this one for a rotation.
    private func requireKey(_ connection: any SQLConnection) throws {
        let lock: SQLStatement = connection.dialect == .postgreSQL ? " FOR SHARE" : ""
        let row = try connection.query("SELECT value FROM sparekey_meta WHERE name = 'key_check'\(part: lock)").first
        guard try row?.text("value") == check else { throw StoreError.rotatedMeanwhile }
    }
}

/// A connection that remembers what was appended to the audit trail in its transaction: another transaction's note may come
/// before this one's commit.
final class AppendingConnection: SQLConnection {
    enum Appended: Sendable {
        case nothing, onlyWhatMayLag, more
    }

    private let base: any SQLConnection
    private(set) var appended = Appended.nothing
    /// Its last row is what the next one links to.
    private(set) var stretch: AuditStretch?

    init(_ base: any SQLConnection) {
        self.base = base
    }

    func append(_ row: AuditHead, after before: AuditHead) {
        stretch = AuditStretch(before: stretch?.before ?? before, last: row)
    }

    func noted(_ action: AuditEvent.Action) {
        if !action.mayBeKeptLater { appended = .more }
        if appended == .nothing { appended = .onlyWhatMayLag }
    }

    var dialect: SQLDialect { base.dialect }

    func execute(_ statement: SQLStatement) throws -> Int {
        try base.execute(statement)
    }

    func query(_ statement: SQLStatement) throws -> [SQLRow] {
        try base.query(statement)
    }
}
