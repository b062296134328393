/// Walks the audit trail from its first row and holds it against the kept head and an expected one (SEC-10).
///
/// Reads pages of ``pageSize`` rows, each in a transaction of its own: memory is bounded, and nobody waits. The walk begins
/// at the anchor where rows were pruned, and changes keys where an epoch begins. Whoever has the instance key can write a
/// whole trail anew; only a head that was noted elsewhere shows that.
public struct VerifyAuditTrail: Sendable {
    public static let pageSize = 1000

    private let trail: any AuditTrail
    private let key: InstanceKey
    private let keeper: (any AuditHeadKeeper)?

    public init(trail: any AuditTrail, key: InstanceKey, keeper: (any AuditHeadKeeper)?) {
        self.trail = trail
        self.key = key
        self.keeper = keeper
    }

    /// - Parameters:
    ///   - expected: a head that was noted elsewhere.
    ///   - progress: told after each page how many rows were found sound.
    public func callAsFunction(
        expect expected: AuditHead? = nil, progress: (Int64) -> Void = { _ in }
    ) async throws -> AuditVerdict {
        var footing = try await trail.footing()
        while true {
            let verdict = try await verify(on: footing, expected, progress)
            guard !verdict.isValid else { return verdict }
            // A pruning or a restore meanwhile makes a sound trail look odd.
            let now = try await trail.footing()
            guard now != footing else { return verdict }
            footing = now
        }
    }

    private func verify(
        on footing: AuditFooting, _ expected: AuditHead?, _ progress: (Int64) -> Void
    ) async throws -> AuditVerdict {
        let epochs: AuditEpochs
        do {
            epochs = try AuditEpochs(key, footing.epochs)
        } catch {
            return AuditVerdict(rows: 0, head: nil, kept: nil, fault: error, pruned: nil, origin: nil)
        }
        let anchor = footing.anchor.map { AuditAnchor(sealed: $0, epochs.present) }
        if case .some(nil) = anchor {
            return AuditVerdict(rows: 0, head: nil, kept: nil, fault: .anchorForged, pruned: nil, origin: nil)
        }
        // Before the rows: they only grow, so that a sound trail holds whatever was kept.
        let (kept, isForged) = try await keptHead(epochs)
        var walk = AuditWalk(epochs: epochs, anchor: anchor ?? nil, kept: kept, expected: expected)
        let fault = try await follow(&walk, progress)
        return walk.verdict(footing.fault(before: fault?.firstBad) ?? fault ?? (isForged ? .headForged : nil))
    }

    /// Walks to the end, or to the first row that is not as it was written.
    private func follow(_ walk: inout AuditWalk, _ progress: (Int64) -> Void) async throws -> AuditFault? {
        while true {
            let page = try await trail.rows(after: walk.position, limit: Self.pageSize)
            let isSound = page.rows.allSatisfy { walk.append($0) }
            progress(walk.rows)
            guard isSound else { return try await AuditDiagnosis(trail: trail, walk: walk).fault(page) }
            if page.unnumbered > 0 { return .inserted(walk.next) }
            if page.rows.count < Self.pageSize { return walk.fault(appended: page.appended) }
        }
    }

    private func keptHead(_ epochs: AuditEpochs) async throws -> (KeptAuditHead?, isForged: Bool) {
        do {
            return (try await keeper?.kept(epochs), false)
        } catch let error as RecoveryError where error.code == .auditHeadForged {
            return (nil, true)
        }
    }
}

/// The rows seen so far, all of them sound.
struct AuditWalk {
    let epochs: AuditEpochs
    private let anchor: AuditAnchor?
    private let kept: KeptAuditHead?
    private let expected: AuditHead?
    /// The last sound row, or the anchor.
    private(set) var last: AuditHead?
    /// How many sound rows were seen.
    private(set) var rows: Int64 = 0
    private var origin: [UInt8]?
    /// The MACs of the rows whose numbers somebody remembers.
    private var marked: [Int64: [UInt8]] = [:]
    /// The heads that the beginnings of epochs cite.
    private var cited: Set<AuditHead> = []

    init(epochs: AuditEpochs, anchor: AuditAnchor?, kept: KeptAuditHead?, expected: AuditHead?) {
        self.epochs = epochs
        self.anchor = anchor
        self.kept = kept
        self.expected = expected
        last = anchor?.head
        origin = anchor?.origin
        if let head = anchor?.head { marked[head.sequence] = head.mac }
    }

    var next: Int64 { (last?.sequence ?? 0) + 1 }
    /// Where reading goes on: nil until a row was seen, so that rows before the anchor are.
    var position: Int64? { rows == 0 ? nil : last?.sequence }

    /// False, and nothing changed, when `row` is not the next one.
    mutating func append(_ row: AuditRow) -> Bool {
        guard row.sequence == next, let mac = row.mac, let text = row.text,
            epochs.link(previous: last?.mac ?? [], sequence: next, row: text) == mac
        else { return false }
        let head = AuditHead(sequence: next, mac: mac)
        if head.sequence == 1 { origin = mac }
        if [kept?.head.sequence, expected?.sequence].contains(head.sequence) { marked[head.sequence] = mac }
        if epochs.begins(at: head.sequence) { cited.formUnion((try? AuditRecord(row).cites) ?? []) }
        last = head
        rows += 1
        return true
    }

    func verdict(_ fault: AuditFault?) -> AuditVerdict {
        AuditVerdict(
            rows: rows, head: rows == 0 ? nil : last, kept: kept?.head, fault: fault, pruned: anchor, origin: origin)
    }

    /// What is missing or foreign although every row that is there is linked as it was written.
    func fault(appended: Int64) -> AuditFault? {
        let isHeld = kept.map { cited.contains($0.head) || isPruned($0.head) } ?? true
        if let kept, let origin, kept.origin != origin, !cited.contains(kept.head) { return .swapped }
        if rows == 0, appended > 0 || kept != nil || anchor != nil { return .emptied }
        if next <= appended { return .cut(from: next) }
        if let kept, !isHeld, marked[kept.head.sequence] != kept.head.mac {
            return .putBack(before: min(kept.head.sequence, next))
        }
        if next - 1 > appended { return .counterSetBack }
        if let expected, !cited.contains(expected), marked[expected.sequence] != expected.mac {
            return isPruned(expected) ? .expectedPruned(expected) : .notExpected(expected)
        }
        return nil
    }

    /// Before the last pruned row, of which nothing is known any more but that it was there.
    private func isPruned(_ head: AuditHead) -> Bool { head.sequence < anchor?.head.sequence ?? 0 }
}
