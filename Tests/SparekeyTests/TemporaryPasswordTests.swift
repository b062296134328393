import Sparekey
import Testing

@Suite("RST-1: who must change the password afterwards")
struct TemporaryPasswordTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: TemporaryPasswords.Rule
        let form: ResetForm
        let origin: PasswordOrigin
        let forced: Bool?
        let expected: Bool
        var testDescription: String { "\(rule) \(form) \(origin) \(String(describing: forced))" }
    }

    static let cases: [Case] = [
        Case(rule: .given, form: .named, origin: .given, forced: nil, expected: true),
        Case(rule: .given, form: .named, origin: .generated, forced: nil, expected: true),
        Case(rule: .given, form: .usersAdd, origin: .given, forced: nil, expected: true),
        Case(rule: .given, form: .interactive, origin: .given, forced: nil, expected: false),
        Case(rule: .given, form: .phrase, origin: .given, forced: nil, expected: false),
        Case(rule: .given, form: .setup, origin: .generated, forced: nil, expected: false),
        Case(rule: .generated, form: .named, origin: .given, forced: nil, expected: false),
        Case(rule: .generated, form: .named, origin: .generated, forced: nil, expected: true),
        Case(rule: .never, form: .named, origin: .generated, forced: nil, expected: false),
        Case(rule: .never, form: .named, origin: .generated, forced: true, expected: true),
        Case(rule: .given, form: .named, origin: .generated, forced: false, expected: false),
        Case(rule: .given, form: .interactive, origin: .given, forced: true, expected: true),
    ]

    @Test("the form, the rule and the option decide together", arguments: cases)
    func decision(_ row: Case) {
        let passwords = TemporaryPasswords(rule: row.rule, lifetime: .seconds(86_400))
        #expect(passwords.isTemporary(form: row.form, origin: row.origin, forced: row.forced) == row.expected)
    }

    @Test("a temporary password expires after its lifetime, any other never")
    func expiry() {
        let passwords = TemporaryPasswords(rule: .given, lifetime: .seconds(60))
        let now = Timestamp(microseconds: 1_000_000)
        #expect(passwords.expiry(temporary: true, now: now) == Timestamp(microseconds: 61_000_000))
        #expect(passwords.expiry(temporary: false, now: now) == nil)
    }

    @Test("a time beyond what can be counted stays at the end instead of overflowing")
    func saturation() {
        #expect(Timestamp(microseconds: .max) + .seconds(1) == Timestamp(microseconds: .max))
        #expect(Timestamp(microseconds: 0) + .seconds(Int64.max) == Timestamp(microseconds: .max))
    }
}
