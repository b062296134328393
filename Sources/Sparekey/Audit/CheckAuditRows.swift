/// Holds some rows of the trail, and its end, against their MACs, without reading the rest: what a page can afford at every
/// view. ``VerifyAuditTrail`` walks the whole.
public struct CheckAuditRows: Sendable {
    public enum Finding: Sendable, Hashable {
        /// The rows and the newest one are linked as they were written, and the kept head is on the trail.
        case sound
        /// The first of these rows that is not as it was written.
        case bad(Int64)
        /// The newest row is not the last that was written.
        case cut
        /// The kept head was not written under this instance's key, or is no row of the trail.
        case headUnknown
        /// An epoch or an anchor was not written under this instance's key.
        case footingForged
    }

    private let index: any AuditIndex
    private let key: InstanceKey
    private let keeper: (any AuditHeadKeeper)?

    public init(index: any AuditIndex, key: InstanceKey, keeper: (any AuditHeadKeeper)?) {
        self.index = index
        self.key = key
        self.keeper = keeper
    }

    /// - Parameter rows: numbered ones; costs an indexed read for each.
    public func callAsFunction(_ rows: [AuditRow]) async throws -> Finding {
        let numbers = rows.compactMap(\.sequence)
        let links = try await index.links(of: numbers.map { $0 - 1 })
        guard let epochs = try? AuditEpochs(key, links.epochs) else { return .footingForged }
        let anchor = links.anchor.map { AuditAnchor(sealed: $0, epochs.present) }
        if case .some(nil) = anchor { return .footingForged }
        let before = { (number: Int64) -> [UInt8] in
            if number == 1 { return [] }
            if let head = anchor??.head, head.sequence == number - 1 { return head.mac }
            return links.macs[number - 1] ?? []
        }
        for row in rows + [links.newest].compactMap(\.self) {
            guard let number = row.sequence else { return .bad(0) }
            guard epochs.isLinked(row, behind: before(number)) else { return .bad(number) }
        }
        guard (links.newest?.sequence ?? anchor??.head.sequence ?? 0) == links.appended else { return .cut }
        return try await isHeadHeld(epochs, anchor ?? nil) ? .sound : .headUnknown
    }

    private func isHeadHeld(_ epochs: AuditEpochs, _ anchor: AuditAnchor?) async throws -> Bool {
        let kept: KeptAuditHead?
        do {
            kept = try await keeper?.kept(epochs)
        } catch let error as RecoveryError where error.code == .auditHeadForged {
            return false
        }
        guard let head = kept?.head, head.sequence >= anchor?.head.sequence ?? 0 else { return true }
        if head == anchor?.head { return true }
        return try await index.links(of: [head.sequence]).macs[head.sequence] == head.mac
    }
}
