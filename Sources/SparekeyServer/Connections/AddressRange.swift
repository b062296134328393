import Glibc

/// An IPv4 or IPv6 address as its bytes; an IPv4 address mapped into IPv6 (RFC 4291, 2.5.5.2) counts as the IPv4 one.
struct AddressBytes: Hashable, Sendable {
    let bytes: [UInt8]

    /// - Parameter text: as inet_pton(3) reads it; a zone (`%eth0`) is cut off.
    init?(_ text: String) {
        let plain = String(text.prefix { $0 != "%" })
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, plain, &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4) { Array($0) }
        } else if inet_pton(AF_INET6, plain, &v6) == 1 {
            let all = withUnsafeBytes(of: &v6) { Array($0) }
            let isMapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            bytes = isMapped ? Array(all.suffix(4)) : all
        } else {
            return nil
        }
    }

    /// As inet_ntop(3) writes it.
    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }
}

/// A network in CIDR notation, or a single address: who is a trusted proxy.
public struct AddressRange: Sendable, Hashable {
    private let address: AddressBytes
    private let length: Int

    /// - Parameter text: `10.0.0.0/8`, `2001:db8::/32`, `127.0.0.1`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ AddressBytes(String($0)) }) else { return nil }
        let bits = address.bytes.count * 8
        guard parts.count == 1 || (parts[1].allSatisfy(\.isNumber) && Int(parts[1]).map { $0 <= bits } == true) else {
            return nil
        }
        self.address = address
        length = parts.count == 1 ? bits : Int(parts[1]) ?? bits
    }

    func contains(_ other: AddressBytes) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { index, pair in
            let kept = min(8, max(0, length - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
            return pair.0 & mask == pair.1 & mask
        }
    }
}
