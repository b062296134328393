import Testing

@testable import PasswordHashing

/// What every format owes, by data: a new format joins with its rows in vectors.tsv or programs.tsv, and
/// refused.tsv.
@Suite("Every hash format")
struct HashFormatConformanceTests {
    static let names = HashFormats.standard.all.map(\.name)
    static let makers = HashFormats.standard.all.filter(\.canMake).map(\.name)

    let formats = HashFormats.standard

    @Test("has values of its own to be tested with", arguments: names)
    func hasVectors(name: String) {
        #expect(StoredVector.of(name).contains { $0.verdict == .correct })
    }

    @Test("accepts the password behind a value made elsewhere", arguments: StoredVector.all)
    func acceptsRightPassword(vector: StoredVector) throws {
        let format = try #require(formats.named(vector.format))
        #expect(try format.verify(Password(vector.password), against: vector.stored))
    }

    @Test("refuses passwords that differ in a byte, or in length", arguments: names)
    func refusesWrongPassword(name: String) throws {
        let specimen = try Specimen(name)
        for wrong in specimen.wrongPasswords {
            #expect(try !specimen.format.verify(Password(wrong), against: specimen.stored))
        }
    }

    @Test("is the only one to recognise its values", arguments: StoredVector.all)
    func isIdentifiedOnce(vector: StoredVector) {
        #expect(formats.all.filter { $0.identifies(vector.stored) }.map(\.name) == [vector.format])
    }

    @Test("refuses a value cut at any byte", arguments: names)
    func refusesTruncation(name: String) throws {
        let specimen = try Specimen(name)
        let bytes = Array(specimen.stored.utf8)
        for count in 0..<bytes.count {
            #expect(!specimen.accepts(Array(bytes.prefix(count))), "first \(count) bytes")
            // Behind Django's word stands a value of another format.
            #expect(!specimen.isOwn(Array(bytes.dropFirst(count + 1))), "without the first \(count + 1)")
        }
    }

    @Test("refuses a value with any bit flipped", arguments: names)
    func refusesFlippedBits(name: String) throws {
        let specimen = try Specimen(name)
        let bytes = Array(specimen.stored.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                #expect(!specimen.accepts(flipped), "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test("refuses a value with a byte added anywhere", arguments: names)
    func refusesInsertions(name: String) throws {
        let specimen = try Specimen(name)
        let bytes = Array(specimen.stored.utf8)
        for index in 0...bytes.count {
            for added in [0, 9, 10, 13, 32, 36, 43, 46, 48, 61, 65, 127, 128, 255] as [UInt8] {
                var longer = bytes
                longer.insert(added, at: index)
                // The whole table is slow to ask: for those that could make a value of another format.
                let isTaken = [36, 48, 65].contains(added) ? specimen.accepts(longer) : specimen.isOwn(longer)
                #expect(!isTaken, "byte \(added) at \(index)")
            }
        }
    }

    @Test("refuses letters that only look like ASCII", arguments: names)
    func refusesLookalikes(name: String) throws {
        let specimen = try Specimen(name)
        for strange in ["\u{FF04}", "\u{0661}", "e\u{301}", "\u{200B}", "\u{FEFF}"] {
            #expect(formats.identify(specimen.stored + strange) == nil)
            #expect(formats.identify(strange + specimen.stored) == nil)
        }
    }

    @Test("never repeats the stored value in an error", arguments: names)
    func errorsHoldNoSecret(name: String) throws {
        let specimen = try Specimen(name)
        let secret = try #require(specimen.stored.split(separator: "$").last).prefix(20)
        let error = #expect(throws: HashError.self) {
            try specimen.format.verify(Password(utf8: "hunter2"), against: specimen.stored + "$")
        }
        #expect(error?.description.contains(secret) == false)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("tells the cost of a value in the spelling that settings use", arguments: StoredVector.all)
    func costReadsBack(vector: StoredVector) throws {
        let cost = try formats.parameters(of: vector.stored).cost
        #expect(try HashCost(scheme: vector.format, text: cost.description) == cost)
    }
}
