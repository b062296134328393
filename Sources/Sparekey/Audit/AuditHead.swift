/// The number and the MAC of a row: noted elsewhere, it shows later that everything up to it is as it was.
public struct AuditHead: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public let sequence: Int64
    /// 32 bytes.
    public let mac: [UInt8]

    public init(sequence: Int64, mac: [UInt8]) {
        self.sequence = sequence
        self.mac = mac
    }

    /// Reads `SEQUENCE:HEX`, as ``description`` writes it; nil for any other text.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int64(parts[0]), sequence > 0, parts[0].first != "+",
            let mac = [UInt8](hexadecimalMAC: parts[1])
        else { return nil }
        self.init(sequence: sequence, mac: mac)
    }

    public var description: String { "\(sequence):\(mac.hexadecimal)" }
}

/// What the head file remembers, beside the database: how far the trail had come, and which trail it was.
public struct KeptAuditHead: Sendable, Hashable {
    public let head: AuditHead
    /// The MAC of the trail's first row. No two databases share it, whoever copies what into them.
    public let origin: [UInt8]

    public init(head: AuditHead, origin: [UInt8]) {
        self.head = head
        self.origin = origin
    }

    /// The form it is kept in: one line, authenticated under the audit sub-key, so that nobody writes it without the key.
    public func sealed(_ chain: AuditChain) -> String {
        "\(Self.mark) \(head) \(origin.hexadecimal) \(seal(chain).hexadecimal)\n"
    }

    /// Reads what ``sealed(_:)`` wrote; nil for anything else, or for another key's.
    public init?(sealed text: String, _ chain: AuditChain) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == Self.mark, words[3].last == "\n", let head = AuditHead(String(words[1])),
            let origin = [UInt8](hexadecimalMAC: words[2]), let seal = [UInt8](hexadecimalMAC: words[3].dropLast())
        else { return nil }
        self.init(head: head, origin: origin)
        guard self.seal(chain) == seal else { return nil }
    }

    private static let mark = "sparekey-audit-head/1"

    /// A link of the chain begins with zeros or with a MAC, never with the mark: neither can stand for the other.
    private func seal(_ chain: AuditChain) -> [UInt8] {
        chain.authenticate(Array("\(Self.mark) \(head) \(origin.hexadecimal)".utf8))
    }
}

/// Keeps the head of the audit trail where whoever changes the database alone does not reach it (SEC-10).
///
/// The trail is the truth: a kept head may lag behind it, after a crash between a commit and the keeping.
public protocol AuditHeadKeeper: Sendable {
    /// The kept head; nil when none was kept yet.
    ///
    /// - Parameter epochs: the keys that it may have been written under.
    /// - Throws: ``RecoveryError`` `auditHeadForged` when what is kept was written under none of them.
    func kept(_ epochs: AuditEpochs) async throws -> KeptAuditHead?

    /// Keeps `new`, under the present key, if `old` is still what is kept, in whichever process; false when it is not, or
    /// when `new` is not further on.
    ///
    /// - Parameter isRestored: whether the trail is another since `old`, which an epoch of it cites: then `new` may be
    ///   behind.
    func replace(
        _ old: KeptAuditHead?, with new: KeptAuditHead, _ epochs: AuditEpochs, isRestored: Bool
    ) async throws -> Bool
}

extension RecoveryError.Code {
    /// The kept head was not written under this instance's key.
    public static let auditHeadForged = RecoveryError.Code("auditHeadForged")
    /// A row of the audit trail has no number that could name it.
    public static let auditDamaged = RecoveryError.Code("auditDamaged")
}

extension [UInt8] {
    /// 64 lower-case hexadecimal digits, the length of a MAC; nil for any other text.
    init?(hexadecimalMAC text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self = bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
