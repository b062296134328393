import Foundation

/// A peer's address as limits count it: IPv4 whole, IPv6 by its first 64 bits (one household has that many at least,
/// RFC 6177), and an IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`, RFC 4291) as the IPv4 address it is.
public struct ThrottledAddress: Sendable, Hashable {
    /// 4 bytes, or 8.
    let bytes: [UInt8]

    /// - Parameter text: as the socket or a trusted proxy gives it, without a port; a zone (`%eth0`) is passed over. What
    ///   is no address counts as itself, cut to 64 bytes.
    public init(_ text: String) {
        let plain = text.prefix { $0 != "%" }
        if let four = Self.parsed(plain, AF_INET, length: 4) {
            bytes = four
        } else if let sixteen = Self.parsed(plain, AF_INET6, length: 16) {
            bytes = Self.counted(sixteen)
        } else {
            // One byte in front, so that it is never taken for a real address.
            bytes = [0x3F] + text.utf8.prefix(64)
        }
    }

    private static let mappedPrefix: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    private static func counted(_ address: [UInt8]) -> [UInt8] {
        address.starts(with: mappedPrefix) ? Array(address.suffix(4)) : Array(address.prefix(8))
    }

    private static func parsed(_ text: Substring, _ family: CInt, length: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: length)
        return inet_pton(family, String(text), &bytes) == 1 ? bytes : nil
    }
}
