import Testing

@testable import PasswordHashing

/// The cheapest canonical value of a format.
struct Specimen {
    let stored: String

    init(_ name: String) throws {
        let vectors = StoredVector.of(name).filter { $0.verdict == .correct && !$0.password.isEmpty }
        stored = try #require(vectors.min { try Self.work($0) < Self.work($1) }).stored
    }

    private static func work(_ vector: StoredVector) throws -> Int {
        try HashFormats.standard.parameters(of: vector.stored).cost.numbers.reduce(1, *)
    }
}
