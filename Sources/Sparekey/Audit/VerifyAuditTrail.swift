/// Walks the audit trail from its first row and holds it against the kept head and an expected one (SEC-10).
///
/// Reads pages of ``pageSize`` rows, each in a transaction of its own: memory is bounded, and nobody waits. Whoever has
/// the instance key can write a whole trail anew; only a head that was noted elsewhere shows that.
public struct VerifyAuditTrail: Sendable {
    public static let pageSize = 1000

    private let trail: any AuditTrail
    private let chain: AuditChain
    private let keeper: (any AuditHeadKeeper)?

    public init(trail: any AuditTrail, chain: AuditChain, keeper: (any AuditHeadKeeper)?) {
        self.trail = trail
        self.chain = chain
        self.keeper = keeper
    }

    /// - Parameters:
    ///   - expected: a head that was noted elsewhere.
    ///   - progress: told after each page how many rows were found sound.
    public func callAsFunction(
        expect expected: AuditHead? = nil, progress: (Int64) -> Void = { _ in }
    ) async throws -> AuditVerdict {
        // Before the rows: they only grow, so that a sound trail holds whatever was kept.
        let (kept, isForged) = try await keptHead()
        var walk = AuditWalk(chain: chain, marks: [kept?.head, expected].compactMap(\.self).map(\.sequence))
        while true {
            let page = try await trail.rows(after: walk.last?.sequence, limit: Self.pageSize)
            let isSound = page.rows.allSatisfy { walk.append($0) }
            progress(walk.count)
            guard isSound else {
                let fault = try await AuditDiagnosis(trail: trail, chain: chain, walk: walk).fault(page)
                return walk.verdict(kept: kept, fault: fault)
            }
            if page.unnumbered > 0 { return walk.verdict(kept: kept, fault: .inserted(walk.next)) }
            if page.rows.count < Self.pageSize {
                let fault = walk.fault(appended: page.appended, kept: kept, expected: expected)
                return walk.verdict(kept: kept, fault: fault ?? (isForged ? .headForged : nil))
            }
        }
    }

    private func keptHead() async throws -> (KeptAuditHead?, isForged: Bool) {
        do {
            return (try await keeper?.kept(), false)
        } catch let error as RecoveryError where error.code == .auditHeadForged {
            return (nil, true)
        }
    }
}

/// The rows seen so far, all of them sound.
struct AuditWalk {
    let chain: AuditChain
    private(set) var last: AuditHead?
    private var origin: [UInt8]?
    /// The MACs of the rows whose numbers somebody remembers.
    private var marked: [Int64: [UInt8]] = [:]
    private let marks: Set<Int64>

    init(chain: AuditChain, marks: [Int64]) {
        self.chain = chain
        self.marks = Set(marks)
    }

    var count: Int64 { last?.sequence ?? 0 }
    var next: Int64 { count + 1 }

    /// False, and nothing changed, when `row` is not the next one.
    mutating func append(_ row: AuditRow) -> Bool {
        guard row.sequence == next, let mac = row.mac, let text = row.text,
            chain.link(previous: last?.mac ?? [], sequence: next, row: text) == mac
        else { return false }
        let head = AuditHead(sequence: next, mac: mac)
        if head.sequence == 1 { origin = mac }
        if marks.contains(head.sequence) { marked[head.sequence] = mac }
        last = head
        return true
    }

    func verdict(kept: KeptAuditHead?, fault: AuditFault?) -> AuditVerdict {
        AuditVerdict(rows: count, head: last, kept: kept?.head, fault: fault)
    }

    /// What is missing or foreign although every row that is there is linked as it was written.
    func fault(appended: Int64, kept: KeptAuditHead?, expected: AuditHead?) -> AuditFault? {
        if let kept, let origin, kept.origin != origin { return .swapped }
        if count == 0, appended > 0 || kept != nil { return .emptied }
        if count < appended { return .cut(from: next) }
        if let kept, marked[kept.head.sequence] != kept.head.mac {
            return .putBack(before: min(kept.head.sequence, next))
        }
        if count > appended { return .counterSetBack }
        if let expected, marked[expected.sequence] != expected.mac { return .notExpected(expected) }
        return nil
    }
}
