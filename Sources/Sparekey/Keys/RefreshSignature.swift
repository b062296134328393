import Crypto

/// Signs the call that tells a server of a changed account (FLF-2), under the instance's `refresh` sub-key: whoever holds
/// the data folder can make it, and a program that squats the server's address learns nothing from it.
///
/// Form of the header Authorization: `Sparekey-Refresh SECONDS:HEX`, with HMAC-SHA-256 over a label, the time and the
/// body. It counts for a minute; a call that is played again within it only refreshes again.
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
