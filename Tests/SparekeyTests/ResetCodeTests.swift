import Sparekey
import Synchronization
import Testing

@Suite("A reset code")
struct ResetCodeTests {
    /// Answers with given numbers, three bytes each.
    private final class Numbers: RandomSource {
        private let left: Mutex<[UInt32]>

        init(_ numbers: [UInt32]) {
            left = Mutex(numbers)
        }

        func bytes(_ count: Int) -> [UInt8] {
            let number = left.withLock { $0.removeFirst() }
            return [UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
        }
    }

    @Test(
        "every number under a million is a code of six digits, and no other is",
        arguments: [(0, "000000"), (7, "000007"), (847_293, "847293"), (999_999, "999999")] as [(UInt32, String)])
    func digits(_ number: UInt32, _ text: String) {
        #expect(ResetCode(random: Numbers([number])).shownOnce == text)
        // Drawn again: folding what is over the million would make some codes likelier.
        #expect(ResetCode(random: Numbers([1_000_000, 0xF_FFFF, number])).shownOnce == text)
        // Only the lower 20 bits count.
        #expect(ResetCode(random: Numbers([number | 0xF0_0000])).shownOnce == text)
    }

    @Test(
        "white space and dashes are ignored",
        arguments: ["847293", " 847 293\n", "847-293", "8–4—7 2\u{2011}93", "84\u{A0}72\u{3000}93"])
    func accepted(_ typed: String) {
        #expect(ResetCode(typed: typed)?.shownOnce == "847293")
    }

    @Test(
        "anything but six digits is no code",
        arguments: [
            "", "84729", "8472930", "84729x", "847.293", "+847293", "\u{FF18}47293", "\u{0668}47293", "847293\u{0}",
            "847293" + String(repeating: " ", count: 60), String(repeating: "8", count: 1_000_000),
        ])
    func refused(_ typed: String) {
        #expect(ResetCode(typed: typed) == nil)
    }

    @Test("it does not show itself")
    func printing() {
        var dumped = ""
        let code = ResetCode(random: Numbers([847_293]))
        dump(code, to: &dumped)
        #expect(!dumped.contains("847293") && !"\(code)".contains("847293"))
    }
}
