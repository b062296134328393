import Crypto
import PasswordHashing

extension Proof {
    static let codeKind = "code"

    /// A reset code, spent by the reset that it proves. `id` is the request that it was issued for.
    public static func code(_ id: String) -> Proof {
        Proof(kind: codeKind, id: id)
    }
}

/// A reset code (NEX-3): six digits, minutes of life, given by voice or chat.
///
/// It is not printable; ``shownOnce`` is its only way to text. At rest it is a keyed hash: the space of a million is no
/// obstacle to a slow hash either, so the key is the protection, and a stolen database alone reveals no code (SEC-13).
public struct ResetCode: Sendable {
    /// How many digits a code has.
    public static let length = 6

    /// The digits in ASCII, wiped when the last copy goes.
    let digits: Password

    /// Each of 000000–999999 is equally likely: 20 random bits, drawn again while they are a million or more.
    public init(random: any RandomSource) {
        var number: UInt32
        repeat {
            number = random.bytes(3).reduce(0) { $0 << 8 | UInt32($1) } & 0xF_FFFF
        } while number >= 1_000_000
        digits = Password(
            [100_000, 10_000, 1000, 100, 10, 1].map { UInt8(ascii: "0") + UInt8(number / $0 % 10) })
    }

    /// - Parameter typed: as a person typed it: white space and dashes are ignored. nil for anything but six digits.
    public init?(typed: String) {
        guard typed.utf8.count <= 64 else { return nil }
        let kept = typed.unicodeScalars.filter { !$0.properties.isWhitespace && !$0.properties.isDash }
        guard kept.count == Self.length, kept.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        digits = Password(kept.map { UInt8(ascii: $0) })
    }

    /// The sealed copy, opened.
    init(opened bytes: some Collection<UInt8>) {
        digits = Password(bytes)
    }

    /// The six digits, for the one place that the operator chose to show them.
    public var shownOnce: String {
        digits.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// What the store keeps: HMAC-SHA-256 under the code sub-key, bound to the request, the directory and the account.
    func mac(_ key: InstanceKey, request: String, subject: CodeSubject) -> [UInt8] {
        key.authenticate(message(request: request, subject: subject), for: .code)
    }

    /// Compares in a time that does not depend on where the values differ.
    func matches(_ mac: [UInt8], _ key: InstanceKey, request: String, subject: CodeSubject) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            mac, authenticating: message(request: request, subject: subject), using: key.subKey(.code))
    }

    private func message(request: String, subject: CodeSubject) -> [UInt8] {
        digits.withUnsafeBytes { CodeMessage("reset code", [Array(request.utf8), subject.bytes, Array($0)]).bytes }
    }
}

/// The message of an HMAC under the code sub-key: a label, and fields that cannot run into each other.
struct CodeMessage {
    let bytes: [UInt8]

    init(_ label: String, _ fields: [[UInt8]]) {
        bytes = ([Array(label.utf8)] + fields).flatMap { field in
            (0..<4).map { UInt8(truncatingIfNeeded: field.count >> (24 - 8 * $0)) } + field
        }
    }
}
