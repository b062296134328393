import PasswordHashing
import Sparekey
import Testing

@Suite struct PasswordGeneratorTests {
    static let policies: [PasswordPolicy] =
        PasswordPolicy.Preset.allCases.map { PasswordPolicy($0) } + [
            PasswordPolicy(.complex, minLength: 64, strengthBits: 60), PasswordPolicy(minLength: 17),
        ]

    @Test("Sixteen characters, or the policy's minimum if longer, that satisfy both steps", arguments: policies)
    func satisfies(_ policy: PasswordPolicy) {
        let context = PolicyContext(username: "lidderdale", domain: "example.org")
        let generator = PasswordGenerator(for: policy, context: context)
        for _ in 0..<200 {
            let password = generator.generate()
            #expect(password.count == max(16, policy.minLength))
            #expect(policy.violations(of: password).isEmpty)
            #expect(policy.violations(of: password, context: context).isEmpty)
        }
    }

    @Test("All four classes are there, look-alikes and signs that mean something elsewhere are not")
    func alphabet() {
        let allowed = Set("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789+-=:@/".utf8)
        let complex = PasswordPolicy(.complex)
        var seen: Set<UInt8> = []
        for _ in 0..<500 {
            let password = PasswordGenerator(for: PasswordPolicy()).generate()
            #expect(complex.violations(of: password).isEmpty)
            password.withUnsafeBytes { seen.formUnion($0) }
        }
        #expect(seen == allowed)
    }

    @Test("Both ends are a letter or a digit")
    func ends() {
        for _ in 0..<500 {
            let ends = PasswordGenerator(for: PasswordPolicy()).generate().withUnsafeBytes { [$0[0], $0[15]] }
            #expect(ends.allSatisfy { !"+-=:@/".utf8.contains($0) })
        }
    }

    @Test("Inside, every character of a class is equally likely")
    func uniform() {
        // A sound generator with a fixed seed: the figures are the same in every run.
        var random = SplitMix(state: 7)
        var counts: [UInt8: Int] = [:]
        let generator = PasswordGenerator(for: PasswordPolicy(.basic, strengthBits: 0))
        for _ in 0..<4_000 {
            generator.generate(using: &random).withUnsafeBytes { bytes in
                for byte in bytes[1..<15] { counts[byte, default: 0] += 1 }
            }
        }
        for letters in ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "+-=:@/"] {
            let own = letters.utf8.map { counts[$0, default: 0] }
            let mean = Double(own.reduce(0, +)) / Double(own.count)
            let chiSquare = own.map { (Double($0) - mean) * (Double($0) - mean) / mean }.reduce(0, +)
            // Five standard deviations over the expected value.
            let freedom = Double(own.count - 1)
            #expect(chiSquare < freedom + 5 * (2 * freedom).squareRoot())
        }
    }

    @Test("No two passwords are alike")
    func distinct() {
        let generator = PasswordGenerator(for: PasswordPolicy())
        let passwords = Set((0..<500).map { _ in generator.generate().withUnsafeBytes { Array($0) } })
        #expect(passwords.count == 500)
    }

    @Test("A generator that repeats itself ends the program instead of yielding a password")
    func brokenGenerator() async {
        await #expect(processExitsWith: .failure) {
            var stuck = SplitMix(state: nil)
            _ = PasswordGenerator(for: PasswordPolicy()).generate(using: &stuck)
        }
    }
}

/// Vigna's SplitMix64; without a state it always gives the same number.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64?

    mutating func next() -> UInt64 {
        guard let last = state else { return 42 }
        state = last &+ 0x9E37_79B9_7F4A_7C15
        var z = last &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
