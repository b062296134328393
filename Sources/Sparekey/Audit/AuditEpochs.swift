import Crypto
import Foundation

/// An epoch of the audit trail after the first, as it is stored beside the rows.
public struct StoredAuditEpoch: Sendable, Hashable {
    /// The number of the row that begins it, and that cites the head of the one before.
    public let first: Int64
    /// The audit sub-key of the epoch before, sealed under the present `seal` sub-key.
    public let sealedKey: [UInt8]

    public init(first: Int64, sealedKey: [UInt8]) {
        self.first = first
        self.sealedKey = sealedKey
    }

    /// What the seal is bound to: an epoch that is copied to another row does not open.
    static func place(_ first: Int64) -> String { "audit_epoch/\(first)/key" }
}

/// What a trail stands on beside its rows. Anybody could have written it: ``AuditEpochs`` believes what the key shows.
public struct AuditFooting: Sendable, Hashable {
    /// In the order of their rows.
    public let epochs: [StoredAuditEpoch]
    /// What a pruning left for the rows that it removed (``AuditAnchor/sealed(_:)``).
    public let anchor: String?
    /// The numbers of the rows that say of themselves that they begin an epoch.
    public let begun: [Int64]

    public init(epochs: [StoredAuditEpoch] = [], anchor: String? = nil, begun: [Int64] = []) {
        self.epochs = epochs
        self.anchor = anchor
        self.begun = begun
    }

    /// A restore or a rotation that lost its epoch, or an epoch without either.
    ///
    /// - Parameter bad: the first row that the walk found bad.
    func fault(before bad: Int64?) -> AuditFault? {
        let stored = Set(epochs.map(\.first))
        if let lost = begun.first(where: { !stored.contains($0) }), bad ?? 0 < lost { return .epochLost(lost) }
        // Where a row is bad, an epoch without its row follows from that.
        guard bad == nil else { return nil }
        return epochs.map(\.first).first { !begun.contains($0) }.map(AuditFault.epochForged)
    }
}

/// The keys of a trail: the present one, and those of the epochs that a rotation or a restore has ended.
public struct AuditEpochs: Sendable {
    public let present: AuditChain
    private let ended: [(end: Int64, chain: AuditChain)]

    /// A trail of one epoch.
    public init(_ present: AuditChain) {
        self.present = present
        ended = []
    }

    /// - Throws: ``AuditFault`` `epochForged` for the first epoch whose key does not open.
    public init(_ key: InstanceKey, _ stored: [StoredAuditEpoch]) throws(AuditFault) {
        present = AuditChain(key)
        let seal = Seal(key)
        var ended: [(Int64, AuditChain)] = []
        for epoch in stored.sorted(by: { $0.first < $1.first }) {
            guard let chain = AuditChain(sealed: epoch, seal) else { throw .epochForged(epoch.first) }
            ended.append((epoch.first, chain))
        }
        self.ended = ended
    }

    /// The key that the row of this number was written under.
    func chain(of sequence: Int64) -> AuditChain {
        ended.first { sequence < $0.end }?.chain ?? present
    }

    func link(previous: [UInt8], sequence: Int64, row: String) -> [UInt8] {
        chain(of: sequence).link(previous: previous, sequence: sequence, row: row)
    }

    /// Whether the row was written as the next one behind `previous`.
    public func isLinked(_ row: AuditRow, behind previous: [UInt8]) -> Bool {
        guard let sequence = row.sequence, let text = row.text, let mac = row.mac else { return false }
        return link(previous: previous, sequence: sequence, row: text) == mac
    }

    /// Whether this row begins an epoch.
    func begins(at sequence: Int64) -> Bool { ended.contains { $0.end == sequence } }

    /// Reads a kept head: under the present key, or of an ended epoch under that one's.
    public func head(sealed text: String) -> KeptAuditHead? {
        if let kept = KeptAuditHead(sealed: text, present) { return kept }
        for (end, chain) in ended {
            if let kept = KeptAuditHead(sealed: text, chain), kept.head.sequence < end { return kept }
        }
        return nil
    }
}

extension AuditChain {
    /// The epoch that ends before the row `first`, under the seal of the key that follows.
    public func sealed(endingBefore first: Int64, _ seal: Seal) throws -> StoredAuditEpoch {
        let bytes = key.withUnsafeBytes { Data($0) }
        return StoredAuditEpoch(
            first: first, sealedKey: try seal.seal(bytes, for: StoredAuditEpoch.place(first)))
    }

    /// The key of an epoch that has ended; nil when it does not open under `seal`.
    public init?(sealed epoch: StoredAuditEpoch, _ seal: Seal) {
        guard let bytes = try? seal.open(epoch.sealedKey, for: StoredAuditEpoch.place(epoch.first)) else { return nil }
        self.init(subKey: bytes)
    }
}
