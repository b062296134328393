import Foundation
import PasswordHashing
import Sparekey
import Testing

@Suite struct PolicyNormalizationTests {
    static let texts: [String] = [
        "e\u{301}", "\u{e9}", "plum e\u{301}a\u{308}\u{323} gasket", "a\u{323}\u{308}", "\u{1100}\u{1161}\u{11a8}",
        "\u{ac00}\u{11a8}", "\u{212b}\u{2126}", "\u{958}\u{915}\u{93c}", "\u{1d15f}", "\u{feff}x\u{200d}",
        "\u{9c7}\u{9be}", "\u{304b}\u{3099}\u{306f}\u{309a}", "\u{fb01}\u{2460}", "Ж\u{306}ё", "\u{344}",
        "\u{f73}\u{f71}",
        "\u{226a}\u{338}", "😀e\u{301}👩\u{200d}🚀", "\u{301}e", "\u{f900}\u{2f81e}", "\u{1611e}\u{1611e}", "١٢٣",
    ]

    @Test("Normalising piece by piece gives what normalising the whole gives", arguments: texts)
    func piecewise(_ text: String) throws {
        let whole = Password(utf8: text.precomposedStringWithCanonicalMapping)
        #expect(try Password(utf8: text).normalizedNFC().isEqual(to: whole))
        let twice = text + text
        let both = Password(utf8: twice.precomposedStringWithCanonicalMapping)
        #expect(try Password(utf8: twice).normalizedNFC().isEqual(to: both))
    }

    @Test("Every scalar after every kind of base gives what the whole gives")
    func exhaustive() throws {
        var differing: [UInt32] = []
        for value in UInt32(0x80)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\u{1100}\(scalar)\u{9c7}\(scalar)\u{301}"
            let whole = Password(utf8: text.precomposedStringWithCanonicalMapping)
            if try !Password(utf8: text).normalizedNFC().isEqual(to: whole) { differing.append(value) }
        }
        #expect(differing.isEmpty)
    }

    @Test("ASCII is handed back as it is, the same object")
    func asciiUntouched() throws {
        let password = Password(utf8: "plum gasket orbit")
        #expect(try password.normalizedNFC() === password)
    }

    static let malformed: [[UInt8]] = [
        [0xFF], [0x61, 0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0x80, 0x62],
        [0xC3, 0xA9, 0xE2, 0x82],
    ]

    @Test("What is not UTF-8 is refused with the rule `encoding`", arguments: malformed)
    func refusesMalformed(_ bytes: [UInt8]) {
        let violation = #expect(throws: PolicyViolation.self) { try Password(bytes).normalizedNFC() }
        #expect(violation?.rule == .encoding)
    }
}
