import SparekeySQL

/// What the values of a column have in common. Holds none of them but words that every program uses.
struct ColumnTraits {
    /// Rows with a value that is not empty.
    let filled: Int
    let nulls: Int
    let emails: Int
    /// Values that begin like `2026-02-12`.
    let dates: Int
    /// Whether every value is 0, 1, true or false.
    let isTruth: Bool
    /// Words of ``vocabulary`` that occur, as they are spelt there.
    let words: Set<String>

    init(_ values: [SQLValue]) {
        var (filled, nulls, emails, dates) = (0, 0, 0, 0)
        var isTruth = true
        var words: Set<String> = []
        for value in values {
            guard value != .null else {
                nulls += 1
                continue
            }
            let text = value.credentialText ?? ""
            if ![.integer(0), .integer(1)].contains(value), !["true", "false", "t", "f"].contains(text) {
                isTruth = false
            }
            guard !text.isEmpty else { continue }
            filled += 1
            if Self.isEmail(text) { emails += 1 }
            if Self.isDate(text) { dates += 1 }
            if text.utf8.count <= 24, Self.vocabulary.contains(text.lowercased()) { words.insert(text) }
        }
        (self.filled, self.nulls, self.emails, self.dates) = (filled, nulls, emails, dates)
        (self.isTruth, self.words) = (isTruth, words)
    }

    var areEmails: Bool { filled > 0 && emails * 10 >= filled * 8 }

    /// Those that stand for an administrator.
    var administrators: [String] { words.filter { Self.administrators.contains($0.lowercased()) }.sorted() }

    /// Those that stand for an account in use.
    var inUse: String? { words.filter { ["active", "normal", "enabled"].contains($0.lowercased()) }.min() }

    /// Those that stand for a password among several kinds of credentials.
    var passwordKinds: [String] { words.filter { Self.kinds.contains($0.lowercased()) }.sorted() }

    private static func isDate(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(10))
        return bytes.count == 10 && bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
            && bytes.prefix(4).allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isEmail(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return false }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !text.contains(" ")
            && text.utf8.count <= 254
    }

    private static let administrators: Set<String> = [
        "admin", "administrator", "owner", "root", "superuser", "superadmin", "super_admin", "host", "global:owner",
        "global:admin", "app-admin",
    ]
    private static let kinds: Set<String> = ["password", "credential", "credentials", "local", "basic"]
    private static let vocabulary = administrators.union(kinds).union(["active", "normal", "enabled"])
}
