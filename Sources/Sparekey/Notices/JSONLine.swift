/// One JSON object (RFC 8259) on one line, written member by member in the order in which they are added.
///
/// For what is written with every request, the audit row and the line of the log: Foundation's encoder costs more there than
/// all the rest of the line. Slashes are not escaped; what RFC 8259 wants escaped is, and nothing else.
public struct JSONLine: Sendable {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    public init() {
        bytes.reserveCapacity(512)
    }

    /// Nothing where `text` is nil.
    public mutating func add(_ name: String, _ text: String?) {
        guard let text else { return }
        begin(name)
        append(quoted: text)
    }

    /// Nothing where `number` is nil.
    public mutating func add(_ name: String, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        begin(name)
        bytes += String(number).utf8
    }

    /// Nothing where there are no `texts`.
    public mutating func add(_ name: String, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        begin(name)
        bytes.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(quoted: text)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// The object, without a line end.
    public var finished: [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        append(quoted: name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: bytes += Self.escaped(byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escaped(_ control: UInt8) -> [UInt8] {
        switch control {
        case 0x08: Array("\\b".utf8)
        case 0x09: Array("\\t".utf8)
        case 0x0A: Array("\\n".utf8)
        case 0x0C: Array("\\f".utf8)
        case 0x0D: Array("\\r".utf8)
        default: Array("\\u00".utf8) + [hexadecimal[Int(control >> 4)], hexadecimal[Int(control & 15)]]
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
