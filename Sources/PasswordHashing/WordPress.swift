import CSodium
import Crypto

/// WordPress from 6.8 on: `$wp` and bcrypt of the base64 of an HMAC-SHA384 of the password without white space around it,
/// keyed with `wp-sha384` (`wp_hash_password` and `wp_check_password` in wp-includes/pluggable.php, 6.8.2,
/// WordPress/WordPress 7a06b8b5). Older values are ``Phpass``, `bcrypt` and ``Md5Digest``.
///
/// The sign-in form removes that white space too (`wp_authenticate`), so it is as good as not typed. Passwords over 4096
/// bytes, which WordPress refuses, are refused.
struct WordPressBcrypt: HashFormat {
    static let passwordLimit = 4096

    private static let labelled = LabelledHash(
        "wordpress-bcrypt", label: "$wp", Bcrypt(), variants: ["2y", "2a"], prepare: digest)

    var name: String { Self.labelled.name }
    var variants: [String] { Self.labelled.variants }
    var costShape: CostShape { Self.labelled.costShape }

    func parameters(of stored: String) throws -> HashParameters { try Self.labelled.parameters(of: stored) }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        _ = try parameters(of: stored)
        return try Self.labelled.verify(limited(password), against: stored)
    }

    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try Self.labelled.make(limited(password), cost: cost, variant: variant, salt: salt)
    }

    private func limited(_ password: Password) throws -> Password {
        guard password.count <= Self.passwordLimit else {
            throw HashError.passwordTooLong(name, limit: Self.passwordLimit)
        }
        return password
    }

    @Sendable private static func digest(_ password: Password) -> Password {
        let code = password.withUnsafeBytes { bytes in
            HMAC<SHA384>.authenticationCode(
                for: UnsafeRawBufferPointer(rebasing: trimmed(bytes)),
                using: SymmetricKey(data: Array("wp-sha384".utf8)))
        }
        return code.withUnsafeBytes(base64)
    }

    /// Without what PHP's `trim` removes at either end.
    private static func trimmed(_ bytes: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0a, 0x0d, 0x00, 0x0b].contains(byte) }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return bytes[start..<end]
    }

    /// With padding, in memory that is wiped.
    private static func base64(_ bytes: UnsafeRawBufferPointer) -> Password {
        let count = sodium_base64_encoded_len(bytes.count, sodium_base64_VARIANT_ORIGINAL)
        return withWipedMemory(count: count) { text in
            if let characters = text.bindMemory(to: CChar.self).baseAddress {
                _ = sodium_bin2base64(
                    characters, count, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count,
                    sodium_base64_VARIANT_ORIGINAL)
            }
            return Password(text.dropLast())
        }
    }
}
