import Sparekey
import SparekeySQL
import Synchronization

/// Whether the kept head of the audit trail may be behind, and who keeps it.
final class AuditHeadNotes: Sendable {
    let keeper: (any AuditHeadKeeper)?
    private let behind = Mutex(false)

    init(keeper: (any AuditHeadKeeper)?) {
        self.keeper = keeper
    }

    /// A row is being appended. Should its transaction be undone, the next note costs one read and changes nothing.
    func isBehind() {
        behind.withLock { $0 = true }
    }

    /// Keeps the head as `database` has committed it.
    ///
    /// The row is committed whatever happens here, so nothing is thrown: a head that lags is kept with the next row, and
    /// `audit verify` says how far it lags. A kept head that is no row of the trail stays as it is: it is the evidence.
    func note(_ database: any SQLDatabase) async {
        guard let keeper,
            behind.withLock({ behind in
                defer { behind = false }
                return behind
            })
        else { return }
        do {
            // Again when another process has kept its own head in between.
            for _ in 0..<8 {
                let kept = try await keeper.kept()
                guard let next = try await Self.next(kept, database) else { return }
                if try await keeper.replace(kept, with: next) { return }
            }
        } catch {
            isBehind()
        }
    }

    /// The head to keep after `kept`; nil where `kept` is as far as the trail, or does not lie on it.
    private static func next(_ kept: KeptAuditHead?, _ database: any SQLDatabase) async throws -> KeptAuditHead? {
        try await database.transaction(.read) { connection in
            guard let row = try connection.query("SELECT sequence, mac FROM audit ORDER BY sequence DESC LIMIT 1").first
            else { return nil }
            let head = AuditHead(sequence: try row.integer("sequence"), mac: try row.blob("mac"))
            guard let origin = try mac(of: 1, connection) else { return nil }
            guard let kept else { return KeptAuditHead(head: head, origin: origin) }
            guard kept.origin == origin, kept.head.sequence < head.sequence,
                try mac(of: kept.head.sequence, connection) == kept.head.mac
            else { return nil }
            return KeptAuditHead(head: head, origin: origin)
        }
    }

    private static func mac(of sequence: Int64, _ connection: any SQLConnection) throws -> [UInt8]? {
        try connection.query("SELECT mac FROM audit WHERE sequence = \(sequence)").first?.blob("mac")
    }
}

/// The store's database, which keeps the head of the audit trail after every commit that appended to it.
struct HeadNotingDatabase: SQLDatabase {
    let base: any SQLDatabase
    let notes: AuditHeadNotes

    var dialect: SQLDialect { base.dialect }
    var place: String { base.place }

    func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        let value = try await base.transaction(access, body)
        if access == .write { await notes.note(base) }
        return value
    }

    func lock(_ number: Int64) async throws -> (any SQLLock)? {
        try await base.lock(number)
    }

    func close() async {
        await base.close()
    }
}
