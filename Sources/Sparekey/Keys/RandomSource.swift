/// Where random bytes come from. A parameter of every flow that makes a key, an id or a password.
public protocol RandomSource: Sendable {
    /// `count` bytes, fit for keys.
    func bytes(_ count: Int) -> [UInt8]
}

/// The system's CSPRNG (getrandom(2) behind Swift's `SystemRandomNumberGenerator`).
public struct SystemRandomSource: RandomSource {
    public init() {}

    public func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0.prefix(count - bytes.count)) }
        }
        return bytes
    }
}

extension RandomSource {
    /// A random UUID (version 4, RFC 9562) in lower case: an id that is never used again.
    public func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = (bytes[6] & 0x0F) | 0x40
        bytes[8] = (bytes[8] & 0x3F) | 0x80
        let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { Array(bytes[$0]).hexadecimal }
        return parts.joined(separator: "-")
    }

    /// A random number from 1 to 2³¹ − 1.
    public func positiveInt32() -> Int64 {
        let bytes = bytes(4)
        let value = bytes.reduce(0) { $0 << 8 | Int64($1) } & 0x7FFF_FFFF
        return max(value, 1)
    }
}

extension [UInt8] {
    /// The bytes that hexadecimal digits in either case stand for; nil for anything else.
    public init?(hexadecimal text: some StringProtocol) {
        self = []
        reserveCapacity(text.utf8.count / 2)
        var digits = text.utf8.makeIterator()
        while let high = digits.next() {
            guard let low = digits.next(), let high = Self.digit(high), let low = Self.digit(low) else { return nil }
            append(high << 4 | low)
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static let digits: [UInt8] = Array("0123456789abcdef".utf8)

    /// Lower-case hexadecimal, two digits a byte.
    public var hexadecimal: String {
        String(decoding: flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
