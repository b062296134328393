import PasswordHashing
import Testing

@Suite("A value that is not right")
struct RefusedValueTests {
    let formats = HashFormats.standard
    let password = Password(utf8: "password")

    static func rows(_ verdicts: RefusedVector.Verdict...) -> [RefusedVector] {
        RefusedVector.all.filter { verdicts.contains($0.verdict) }
    }

    @Test("is in the table of values to refuse")
    func tableIsThere() {
        #expect(RefusedVector.all.count > 150)
    }

    @Test("is recognised by no format", arguments: rows(.malformed, .unidentified))
    func isNotIdentified(row: RefusedVector) {
        #expect(formats.identify(row.stored)?.name == nil)
        #expect(throws: HashError(.unknownFormat, "")) { try formats.verify(password, against: row.stored) }
    }

    @Test("is malformed to each format asked by name", arguments: rows(.malformed, .unidentified))
    func isMalformed(row: RefusedVector) {
        for format in formats.all {
            #expect(throws: HashError(.malformed, "")) { try format.verify(password, against: row.stored) }
        }
    }

    @Test("is recognised but not computed when it asks for too much", arguments: rows(.bounds))
    func isOutOfBounds(row: RefusedVector) {
        #expect(formats.identify(row.stored)?.name == row.format)
        #expect(throws: HashError(.outOfBounds, "")) { try formats.parameters(of: row.stored) }
        #expect(throws: HashError(.outOfBounds, "")) { try formats.verify(password, against: row.stored) }
    }

    @Test("is no format's when it is empty or longer than a kibibyte")
    func lengthIsBounded() {
        #expect(formats.identify("") == nil)
        #expect(formats.identify("$6$salt$" + String(repeating: "a", count: 100_000)) == nil)
    }
}
