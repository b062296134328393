import Crypto
import Foundation

/// Says of a browser that somebody signed in to an account with it before (SEC-1). It opens nothing: it only gives the
/// browser a sign-in budget of its own, so that strangers who use up the limits of a name do not lock its owner out.
///
/// A random id and HMAC-SHA-256 (sub-key `device`) over id and account id. The account itself does not stand in it. A
/// browser keeps its token when it signs in again, so that nobody collects budgets.
public struct DeviceToken: Sendable, Hashable {
    /// 16 random bytes.
    let id: [UInt8]
    /// 32 bytes.
    private let mac: [UInt8]

    /// A new token, after a sign-in from a browser that has none for this account.
    public static func issued(to accountID: String, key: InstanceKey, random: any RandomSource) -> DeviceToken {
        let id = random.bytes(idLength)
        return DeviceToken(id: id, mac: key.authenticate(message(id, accountID), for: .device))
    }

    /// Reads what ``text`` wrote; nil for anything else. Says nothing yet about whether it is genuine.
    public init?(_ text: String) {
        guard text.utf8.count == 2 * (Self.idLength + Self.macLength), let bytes = [UInt8](hexadecimal: text) else {
            return nil
        }
        self.init(id: Array(bytes.prefix(Self.idLength)), mac: Array(bytes.dropFirst(Self.idLength)))
    }

    /// 96 lower-case hexadecimal digits, fit for a cookie.
    public var text: String { (id + mac).hexadecimal }

    /// Whether this instance issued it for that account. Takes the same time whatever the answer.
    public func isGenuine(for accountID: String, key: InstanceKey) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            mac, authenticating: Self.message(id, accountID), using: key.subKey(.device))
    }

    private static let idLength = 16
    private static let macLength = 32

    private init(id: [UInt8], mac: [UInt8]) {
        self.id = id
        self.mac = mac
    }

    private static func message(_ id: [UInt8], _ accountID: String) -> [UInt8] {
        id + Array(accountID.utf8)
    }
}

extension [UInt8] {
    /// Two digits a byte, in either case; nil where anything else stands in `text`.
    fileprivate init?(hexadecimal text: String) {
        let digits = text.utf8.map { UInt8(exactly: Character(UnicodeScalar($0)).hexDigitValue ?? -1) }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        self = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
