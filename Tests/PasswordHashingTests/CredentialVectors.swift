import PasswordHashing
import Testing

/// One row of credentials/vectors.tsv.
struct CredentialVector: Sendable, CustomTestStringConvertible {
    let format: String
    let password: [UInt8]
    let inputs: CredentialInputs
    let stored: StoredCredential
    let source: String

    var testDescription: String { "\(format) (\(source))" }

    static let all: [CredentialVector] = VectorFile("vectors.tsv", folder: "credentials").rows.compactMap { columns in
        guard columns.count == 5 else { return nil }
        return CredentialVector(
            format: columns[0], password: StoredVector.bytes(hex: columns[1]), inputs: inputs(columns[2]),
            stored: .init(row: columns[3]), source: columns[4])
    }

    /// The account's name, or `pepper=…`, or `-`.
    private static func inputs(_ column: String) -> CredentialInputs {
        if column.hasPrefix("pepper=") { return CredentialInputs(pepper: Password(utf8: String(column.dropFirst(7)))) }
        return CredentialInputs(username: column == "-" ? nil : column)
    }

    /// The cheapest of a format, for tests that compute it hundreds of times.
    static func cheapest(_ name: String) throws -> CredentialVector {
        let vectors = all.filter { $0.format == name && !$0.password.isEmpty }
        let format = try #require(CredentialFormats.standard.named(name))
        return try #require(
            vectors.min {
                try format.parameters(of: $0.stored).cost.numbers.reduce(1, *)
                    < format.parameters(of: $1.stored).cost.numbers.reduce(1, *)
            })
    }
}

/// One row of credentials/refused.tsv.
struct RefusedCredential: Sendable, CustomTestStringConvertible {
    let verdict: HashError.Code
    let format: String
    let stored: StoredCredential
    let why: String

    var testDescription: String { "\(format): \(why)" }

    static let all: [RefusedCredential] = VectorFile("refused.tsv", folder: "credentials").rows.compactMap { columns in
        guard columns.count == 4 else { return nil }
        return RefusedCredential(
            verdict: columns[0] == "bounds" ? .outOfBounds : .malformed, format: columns[1],
            stored: .init(row: columns[2]), why: columns[3])
    }
}

extension StoredCredential {
    /// `hash=… salt=…`
    fileprivate init(row: String) {
        self.init(
            Dictionary(
                uniqueKeysWithValues: row.split(separator: " ").map { part in
                    let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (Field(rawValue: String(words[0])), String(words[1]))
                }))
    }
}
