import PasswordHashing
import Testing

@testable import Sparekey

@Suite struct PolicyStrengthTests {
    static let reasons: [(password: String, words: String)] = [
        ("password1234", "common password"),
        ("p4$$w0rdp4$$w0rd", "look-alike digits"),
        ("zzzzzzzzzzzzzzzz", "repeats the same"),
        ("abcdefghijklmnop", "in order"),
        ("asdfghjkl;'asdfg", "side by side"),
        ("01.02.199301.02.1993", "a date"),
    ]

    @Test("The reason is said in words a person understands", arguments: reasons)
    func reason(_ sample: (password: String, words: String)) throws {
        let violations = PasswordPolicy().violations(of: Password(utf8: sample.password))
        let message = try #require(violations.first { $0.rule == .strength }).message
        #expect(message.contains(sample.words), "\(message)")
    }

    @Test(
        "No message holds the password or a part of it",
        arguments: ["hunter2hunter2", "Zaphod19770525", "dragon77dragon"])
    func neverQuoted(_ password: String) {
        let context = PolicyContext(username: "zaphod", email: "hunter2@dragon.example")
        let policy = PasswordPolicy(.complex, minLength: 20, strengthBits: 60)
        let secret = Password(utf8: password)
        let messages = (policy.violations(of: secret) + policy.violations(of: secret, context: context)).map(\.message)
        #expect(!messages.isEmpty)
        for start in 0...(password.count - 4) {
            let part = password.dropFirst(start).prefix(4).lowercased()
            #expect(!messages.joined().lowercased().contains(part))
        }
    }

    struct Known: Sendable {
        let password: String
        let context: PolicyContext
        let says: String
    }

    static let known: [Known] = [
        .init(password: "lidderdale1871", context: .init(username: "Lidderdale"), says: "your user name"),
        .init(password: "Lidderdale.1871", context: .init(email: "a.lidderdale@example.org"), says: "e-mail address"),
        .init(password: "l1dd3rd4l3l1dd3rd4l3", context: .init(displayName: "Ann Lidderdale"), says: "your name"),
        .init(password: "eladreddil1871", context: .init(username: "lidderdale"), says: "your user name"),
        .init(password: "annlidderdale99", context: .init(displayName: "Ann Lidderdale"), says: "your name"),
        .init(password: "wunderkontor2024", context: .init(domain: "login.wunderkontor.example"), says: "site's name"),
        .init(password: "sparekeysparekey", context: .init(), says: "site's name"),
        .init(password: "ЖЕРЕБЁНОК1871", context: .init(username: "жеребёнок"), says: "your user name"),
    ]

    @Test("A password built on what others know is refused in the second step, and says on what", arguments: known)
    func builtOnContext(_ sample: Known) throws {
        let violations = PasswordPolicy().violations(of: Password(utf8: sample.password), context: sample.context)
        #expect(violations.map(\.rule) == [.context])
        #expect(try #require(violations.first).message.contains(sample.says))
    }

    @Test("The first step does not know the account")
    func firstStepIsBlind() {
        let password = Password(utf8: "xqlidderdalezk1871")
        #expect(PasswordPolicy().violations(of: password).isEmpty)
    }

    @Test("A password that contains the user name and is strong beside it passes")
    func strongBesideContext() {
        let password = Password(utf8: "lidderdale plum gasket orbit")
        #expect(PasswordPolicy().violations(of: password, context: .init(username: "lidderdale")).isEmpty)
    }

    @Test("Words under three characters are no reason, and at most 48 words are kept")
    func contextWords() {
        #expect(PolicyContext(username: "al", displayName: "Jo Wu").words == ["jo wu", "jowu", "sparekey"])
        let many = (0..<200).map { "word\($0)" }.joined(separator: " ")
        #expect(PolicyContext(displayName: many).words.count == 48)
    }

    @Test("What follows the first hundred bytes adds nothing to the estimate")
    func capped() {
        let start = String(repeating: "ab", count: 50)
        let long = StrengthEstimate(of: Password(utf8: start + "wy7Kd2mQz4tRxPq"))
        #expect(long.bits == StrengthEstimate(of: Password(utf8: start)).bits)
        #expect(long.bits < 30)
    }

    @Test("Many threads may estimate at once and agree")
    func threads() async {
        let expected = StrengthEstimate(of: Password(utf8: "lidderdale1871"), words: ["lidderdale"]).bits
        let agreed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    (0..<50).allSatisfy { _ in
                        StrengthEstimate(of: Password(utf8: "lidderdale1871"), words: ["lidderdale"]).bits == expected
                    }
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(agreed)
    }
}
