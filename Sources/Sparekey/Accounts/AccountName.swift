import Foundation

/// What a person typed to name an account: a username, or an e-mail address when it holds an `@`.
///
/// Both are compared without case. The key is computed here, never by a database (house.md, SQL): compatibility
/// composition (NFKC), lower case, NFKC again, which is what Unicode calls an identifier caseless match (UAX #31) but
/// for a few ignorable characters.
public struct AccountName: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case username
        case email
    }

    /// As it was typed, without surrounding white space. Clean it before it is shown.
    public let text: String
    public let kind: Kind

    public init(_ text: String) {
        let isPlain = Self.isPlain(text)
        self.text = isPlain ? text : text.trimmingCharacters(in: .whitespacesAndNewlines)
        let isEmail = isPlain ? text.utf8.contains(UInt8(ascii: "@")) : text.contains("@")
        kind = isEmail ? .email : .username
    }

    /// The folded form under which the directory's unique index knows it.
    public var key: String { Self.fold(text) }

    /// Longer than this, in bytes, is nobody's name, and not worth folding, which can cost more than hashing does.
    private static let longest = 1_024

    /// U+0000, which no name holds and no database keeps, becomes U+FFFD: such a name is nobody's, like any other.
    public static func fold(_ text: String) -> String {
        // Neither a username nor an e-mail holds a colon.
        guard text.utf8.count <= longest else { return ":" }
        // Both compositions leave ASCII as it is.
        if isPlain(text) { return text.lowercased() }
        return text.precomposedStringWithCompatibilityMapping.lowercased().precomposedStringWithCompatibilityMapping
            .replacing("\0", with: "\u{FFFD}")
    }

    /// ASCII without white space and control characters, as nearly every name is.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// A username that the own directory accepts: 1 to 64 characters, no `@`, no `:`, no white space at its ends, nothing
/// that cannot be shown.
public struct Username: Sendable, Hashable {
    public let text: String

    /// - Throws: ``RecoveryError`` with code `malformed`.
    public init(_ raw: String) throws(RecoveryError) {
        let text = raw.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
        guard !text.isEmpty else { throw Self.refusal("is empty") }
        guard text.unicodeScalars.count <= 64 else { throw Self.refusal("is longer than 64 characters") }
        guard !text.contains("@"), !text.contains(":") else { throw Self.refusal("holds an @ or a colon") }
        guard DisplayText(text).text == text else { throw Self.refusal("holds characters that cannot be shown") }
        self.text = text
    }

    /// A username proposed from an e-mail's local part, for `setup`.
    public static func proposed(from email: EmailAddress) -> String {
        let local = email.text.prefix { $0 != "@" }
        let kept = local.lowercased().filter { $0.isLetter || $0.isNumber || "._-".contains($0) }
        return kept.isEmpty ? "admin" : String(kept.prefix(64))
    }

    private static func refusal(_ why: String) -> RecoveryError {
        RecoveryError(
            .malformed, reason: "the username \(why)",
            hint: "a username has 1 to 64 characters and neither @ nor a colon")
    }
}

/// An e-mail address as an account's second name. Nobody is mailed at it here, so only its shape is held: one `@` with
/// something on both sides, at most 254 bytes (RFC 5321), no white space.
public struct EmailAddress: Sendable, Hashable {
    public let text: String

    /// - Throws: ``RecoveryError`` with code `malformed`.
    public init(_ raw: String) throws(RecoveryError) {
        let text = raw.trimmingCharacters(in: .whitespacesAndNewlines)
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let wellFormed =
            parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && !text.contains(where: { $0.isWhitespace || $0 == ":" }) && DisplayText(text, limit: 254).text == text
        guard wellFormed else {
            throw RecoveryError(
                .malformed, reason: "the e-mail address is not of the form name@domain",
                hint: "it is only a second name for the account: nobody is mailed")
        }
        self.text = text
    }
}

/// The domain of the instance, given at set-up: the default public URL's host and a context word of the policy.
public struct InstanceDomain: Sendable, Hashable {
    public let text: String

    /// - Parameter raw: a host name (RFC 1123) or address, with a port where there is one; no scheme, no path.
    /// - Throws: ``RecoveryError`` with code `malformed`.
    public init(_ raw: String) throws(RecoveryError) {
        let text = raw.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        let allowed = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || ".-:[]".utf8.contains(byte)
        }
        guard !text.isEmpty, text.utf8.count <= 253, allowed, text.first != "-", text.first != "." else {
            throw RecoveryError(
                .malformed, reason: "the domain is not a host name",
                hint: "as in diy.example.com or localhost:8080, without https:// and without a path")
        }
        self.text = text
    }
}
