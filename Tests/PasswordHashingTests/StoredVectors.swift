import FoundationEssentials
import PasswordHashing
import Testing

/// One row of vectors.tsv or programs.tsv: a value that must be accepted.
struct StoredVector: Sendable, CustomTestStringConvertible {
    enum Verdict: String { case correct, alternate }

    let verdict: Verdict
    let format: String
    let password: [UInt8]
    let stored: String
    let source: String

    var testDescription: String { "\(format) (\(source))" }

    static let all: [StoredVector] = ["vectors.tsv", "programs.tsv"].flatMap { VectorFile($0).rows }.compactMap {
        columns in
        guard columns.count == 5, let verdict = Verdict(rawValue: columns[0]) else { return nil }
        return StoredVector(
            verdict: verdict, format: columns[1], password: bytes(hex: columns[2]), stored: columns[3],
            source: columns[4])
    }

    static func of(_ format: String) -> [StoredVector] { all.filter { $0.format == format } }

    static func bytes(hex: String) -> [UInt8] {
        guard hex != "-" else { return [] }
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
    }
}

/// One row of refused.tsv: a value that must not be accepted.
struct RefusedVector: Sendable, CustomTestStringConvertible {
    enum Verdict: String { case malformed, bounds, unidentified }

    let verdict: Verdict
    let format: String
    let stored: String
    let why: String

    var testDescription: String { "\(verdict): \(why)" }

    static let all: [RefusedVector] = VectorFile("refused.tsv").rows.compactMap { columns in
        guard columns.count == 4, let verdict = Verdict(rawValue: columns[0]) else { return nil }
        return RefusedVector(verdict: verdict, format: columns[1], stored: columns[2], why: columns[3])
    }
}

/// A tab-separated file of Tests/Vectors; `#` starts a comment.
struct VectorFile {
    let rows: [[String]]

    init(_ name: String, folder: String = "hashes", from source: String = #filePath) {
        let tests = source.split(separator: "/").dropLast(2).joined(separator: "/")
        let text = try? String(contentsOfFile: "/\(tests)/Vectors/\(folder)/\(name)", encoding: .utf8)
        rows = (text ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
