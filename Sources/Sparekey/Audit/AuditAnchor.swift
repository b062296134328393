/// What stands for the rows that a pruning removed (SEC-10): the trail goes on from it, and only the key's holder makes one.
public struct AuditAnchor: Sendable, Hashable {
    /// The last row that was removed.
    public let head: AuditHead
    /// The MAC of the trail's first row, which is gone.
    public let origin: [UInt8]
    /// When the last pruning was.
    public let at: Timestamp

    public init(head: AuditHead, origin: [UInt8], at: Timestamp) {
        self.head = head
        self.origin = origin
        self.at = at
    }

    /// How many rows were removed by all prunings together: rows are numbered from 1 without a gap.
    public var rows: Int64 { head.sequence }

    /// One line, authenticated under the audit sub-key.
    public func sealed(_ chain: AuditChain) -> String {
        "\(text) \(chain.authenticate(Array(text.utf8)).hexadecimal)"
    }

    /// Reads what ``sealed(_:)`` wrote; nil for anything else, or for another key's.
    public init?(sealed text: String, _ chain: AuditChain) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 5, words[0] == Self.mark, let head = AuditHead(String(words[1])),
            let origin = [UInt8](hexadecimalMAC: words[2]), let at = Int64(words[3]),
            let seal = [UInt8](hexadecimalMAC: words[4])
        else { return nil }
        self.init(head: head, origin: origin, at: Timestamp(microseconds: at))
        guard chain.authenticate(Array(self.text.utf8)) == seal else { return nil }
    }

    private static let mark = "sparekey-audit-anchor/1"

    /// Neither a link of the chain nor a kept head begins with this mark.
    private var text: String { "\(Self.mark) \(head) \(origin.hexadecimal) \(at.microseconds)" }
}
