import Testing

@testable import PasswordHashing

/// The cheapest canonical value of a format, for tests that compute it hundreds of times.
struct Specimen {
    let format: any HashFormat
    let password: [UInt8]
    let stored: String

    init(_ name: String) throws {
        format = try #require(HashFormats.standard.named(name))
        let vectors = StoredVector.of(name).filter { $0.verdict == .correct && !$0.password.isEmpty }
        let cheapest = try #require(vectors.min { try Self.work($0) < Self.work($1) })
        password = cheapest.password
        stored = cheapest.stored
    }

    private static func work(_ vector: StoredVector) throws -> Int {
        try HashFormats.standard.parameters(of: vector.stored).cost.numbers.reduce(1, *)
    }

    /// The password without its last byte, with one more, with a bit flipped at either end, and nothing.
    var wrongPasswords: [[UInt8]] {
        var first = password
        first[0] ^= 1
        var last = password
        last[last.count - 1] ^= 0x40
        return [Array(password.dropLast()), password + [0x21], first, last, []]
    }

    /// Whether its own format takes `bytes` for a value of the password.
    func isOwn(_ bytes: [UInt8]) -> Bool {
        (try? format.verify(Password(password), against: String(decoding: bytes, as: UTF8.self))) ?? false
    }

    /// Whether anything in the table takes `bytes` for a value of the password.
    func accepts(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return (try? HashFormats.standard.verify(Password(password), against: text)) ?? false
    }
}
