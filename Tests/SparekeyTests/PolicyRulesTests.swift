import PasswordHashing
import Sparekey
import Testing

/// Step one, by a table: which rules a password breaks under which preset.
@Suite struct PolicyRulesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let preset: PasswordPolicy.Preset
        let password: String
        let rules: [String]

        init(_ preset: PasswordPolicy.Preset, _ password: String, _ rules: String...) {
            self.preset = preset
            self.password = password
            self.rules = rules
        }

        var testDescription: String { "\(preset.rawValue): \(password.prefix(24))" }
    }

    static let cases: [Case] = [
        .init(.standard, "plum gasket orbit"),
        .init(.standard, "wy7Kd2mQz4t", "length"),
        .init(.standard, "wy7Kd2mQz4tR"),
        .init(.standard, "password1234", "strength"),
        .init(.standard, "p4ssw0rdp4ssw0rd", "strength"),
        .init(.standard, "aaaaaaaaaaaaaaaaaaaaaaaa", "strength"),
        .init(.standard, "abcdefghijklmnop", "strength"),
        .init(.standard, "password", "length", "strength"),
        .init(.standard, "", "length"),
        .init(.nist, "wy7Kd2mQz4tRxP", "length"),
        .init(.nist, "wy7Kd2mQz4tRxPq"),
        .init(.complex, "wy7Kd2mQz4tR", "classes"),
        .init(.complex, "wy7Kd2mQz4t!"),
        .init(.complex, "plum gasket orbit", "classes"),
        .init(.complex, "Длинный пароль 7!"),
        .init(.basic, "wy7Kd2mQ"),
        .init(.basic, "wy7Kd2m", "length"),
        .init(.basic, "qwertyui", "strength"),
        .init(.standard, String(repeating: "x", count: 1_025), "tooLong"),
        .init(.standard, "plum\0gasket orbit", "nul"),
    ]

    @Test("A password breaks exactly the rules it should", arguments: cases)
    func rules(_ sample: Case) {
        let found = PasswordPolicy(sample.preset).violations(of: Password(utf8: sample.password))
        #expect(found.map(\.rule.description) == sample.rules)
    }

    @Test("Bytes that are not UTF-8 are refused as such, and nothing else is said")
    func encoding() {
        let latin1 = Password(Array("plum gasket orbit ".utf8) + [0xE9])
        #expect(PasswordPolicy().violations(of: latin1).map(\.rule) == [.encoding])
    }

    @Test("Characters are counted in the NFC form: an accent typed separately does not count")
    func countsNormalized() {
        let decomposed = Password(utf8: "wy7Kd2mQz4te\u{301}")
        #expect(PasswordPolicy().violations(of: decomposed).isEmpty)
        #expect(PasswordPolicy(minLength: 13).violations(of: decomposed).map(\.rule) == [.length])
    }

    @Test("64 characters of four bytes are accepted by every preset", arguments: PasswordPolicy.Preset.allCases)
    func acceptsSixtyFour(_ preset: PasswordPolicy.Preset) {
        let wide = (0..<60).compactMap { Unicode.Scalar(0x1F400 + $0 * 7 % 64) }.map { String($0) }.joined() + "aA1!"
        #expect(wide.unicodeScalars.count == 64)
        #expect(PasswordPolicy(preset).violations(of: Password(utf8: wide)).isEmpty)
    }

    @Test("1,024 bytes are the most")
    func exactlyTheMost() {
        let words = Password(utf8: "plum gasket orbit walnut " + String(repeating: ".", count: 999))
        #expect(words.count == 1_024)
        #expect(PasswordPolicy().violations(of: words).isEmpty)
    }

    @Test("The identifiers of the rules never change")
    func identifiers() {
        let rules: [PolicyViolation.Rule] = [
            .length, .tooLong, .nul, .encoding, .classes, .strength, .context, .history,
        ]
        let names = ["length", "tooLong", "nul", "encoding", "classes", "strength", "context", "history"]
        #expect(rules.map(\.description) == names)
    }

    @Test("The violations that others find are worded here")
    func wordedForOthers() {
        #expect(PolicyViolation.tooLong(limitBytes: 72, scheme: "bcrypt").message.contains("bcrypt"))
        #expect(PolicyViolation.tooLong(limitBytes: 72, scheme: "bcrypt").message.contains("72 bytes"))
        #expect(PolicyViolation.history(remembered: 5).rule == .history)
        #expect(PolicyViolation.history(remembered: 5).message.contains("last 5 passwords"))
    }

    @Test("Overrides change the preset's values and nothing else")
    func overrides() {
        let policy = PasswordPolicy(.nist, minLength: 8, strengthBits: 0)
        #expect(policy.minLength == 8)
        #expect(policy.strengthBits == 0)
        #expect(policy.requiresClasses == false)
        #expect(policy.violations(of: Password(utf8: "password")).isEmpty)
    }

    @Test("What is asked is shown beforehand, and only what is asked")
    func requirements() {
        #expect(
            PasswordPolicy().requirements == [
                "Minimum 12 characters", "Not a common or easily guessed password",
                "Not built on your user name, your name, your e-mail address or this site's name",
            ])
        #expect(PasswordPolicy(.complex, history: 3).requirements.count == 8)
        #expect(PasswordPolicy(.complex).requirements.contains("An upper-case letter (A-Z)"))
        #expect(PasswordPolicy(.basic, strengthBits: 0).requirements == ["Minimum 8 characters"])
    }

    @Test("A browser's generator is told the same")
    func passwordRules() {
        #expect(PasswordPolicy().passwordRules == "minlength: 12; allowed: ascii-printable;")
        #expect(PasswordPolicy(.complex).passwordRules.contains("required: special;"))
    }
}
