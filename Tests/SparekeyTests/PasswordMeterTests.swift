import PasswordHashing
import Testing

@testable import Sparekey

struct PasswordMeterTests {
    @Test(
        "the meter says what the policy says",
        arguments: [
            ("kx7!", PasswordStrength.Level.refused), ("password12345", .refused),
            ("ada.lovelace@example.org", .refused),
            ("plume-Walnut-77-harbor", .strong),
        ])
    func meter(password: String, level: PasswordStrength.Level) {
        let context = PolicyContext(username: "ada", email: "ada.lovelace@example.org", displayName: "Ada Lovelace")
        let strength = PasswordPolicy(.standard).strength(of: Password(utf8: password), context: context)
        #expect(strength.level == level)
        #expect(strength.advice.isEmpty == (level != .refused))
        #expect(strength.advice.allSatisfy { !$0.contains(password) })
    }

    @Test("what the policy takes is fair, good or strong by its bits")
    func levels() {
        let policy = PasswordPolicy(.basic, strengthBits: 0)
        let levels = ["aaaaaaaa", "kettle-gray", "plume-Walnut-77-harbor"].map {
            policy.strength(of: Password(utf8: $0), context: PolicyContext()).level.rawValue
        }
        #expect(levels == levels.sorted() && levels.first == 1 && levels.last == 3)
    }
}
