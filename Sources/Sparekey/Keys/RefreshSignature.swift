import Crypto

/// Signs the call that tells a server of a changed account (FLF-2), under the instance's `refresh` sub-key: whoever holds
/// the data folder can make it, and a program that squats the server's address learns nothing from it.
///
/// Form of the header Authorization: `Sparekey-Refresh SECONDS:HEX`, with HMAC-SHA-256 over a label, the time and the
/// body. Neither password nor key is in the call, and the MAC serves for nothing else: not for another account, time or
/// route, and not at a server with another instance key.
///
/// It counts for a minute. Whoever records a call and plays it again within that makes a server of the same instance
/// read the same account anew from its own database: what it holds in memory is right afterwards, as before. The server's
/// address is not signed, since a proxy may change it; the answer is not either, so that a squatter on plain http can
/// claim to have refreshed. The server itself, once it runs, reads everything.
public struct RefreshSignature: Sendable {
    private static let scheme = "Sparekey-Refresh"
    private static let window: Int64 = 60

    private let key: InstanceKey

    public init(_ key: InstanceKey) {
        self.key = key
    }

    /// The value of the header Authorization.
    public func header(for body: [UInt8], at now: Timestamp) -> String {
        let seconds = now.microseconds / 1_000_000
        return "\(Self.scheme) \(seconds):\(mac(body, seconds).hexadecimal)"
    }

    /// Whether this is meant to be such a header, right or wrong.
    public static func isOne(_ header: String) -> Bool { header.hasPrefix("\(scheme) ") }

    /// Whether `header` was made for this body by somebody with the same instance key, within the last minute.
    public func isValid(_ header: String, for body: [UInt8], now: Timestamp) -> Bool {
        let parts = header.split(separator: " ")
        guard parts.count == 2, parts[0] == Self.scheme else { return false }
        let fields = parts[1].split(separator: ":")
        guard fields.count == 2, let seconds = Int64(fields[0]), let given = [UInt8](hexadecimal: fields[1]) else {
            return false
        }
        let (age, overflow) = (now.microseconds / 1_000_000).subtractingReportingOverflow(seconds)
        guard !overflow, (-Self.window...Self.window).contains(age) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            given, authenticating: message(body, seconds), using: key.subKey(.refresh))
    }

    private func mac(_ body: [UInt8], _ seconds: Int64) -> [UInt8] {
        key.authenticate(message(body, seconds), for: .refresh)
    }

    private func message(_ body: [UInt8], _ seconds: Int64) -> [UInt8] {
        Array("refresh-user\n\(seconds)\n".utf8) + body
    }
}
