import Sparekey
import Testing

@Suite("Names of accounts")
struct AccountNameTests {
    @Test(
        "names that differ only in case or in how a letter is put together are one",
        arguments: [
            ("Ada", "ada"), ("ＡＤＡ", "ada"), ("Gr\u{F6}\u{DF}e", "gro\u{308}\u{DF}e"),
            ("ADA@Example.COM", "ada@example.com"),
        ])
    func folding(_ pair: (String, String)) {
        #expect(AccountName(pair.0).key == AccountName(pair.1).key)
    }

    @Test("different names stay different", arguments: [("ada", "adam"), ("ada", "ad\u{E0}"), ("a.da", "ada")])
    func distinct(_ pair: (String, String)) {
        #expect(AccountName(pair.0).key != AccountName(pair.1).key)
    }

    @Test("an @ makes an e-mail of it")
    func kind() {
        #expect(AccountName("ada").kind == .username)
        #expect(AccountName("ada@x").kind == .email)
    }

    @Test(
        "a username that could be mistaken or not shown is refused",
        arguments: ["", "  ", "a@b", "a:b", "a\u{1B}[31m", "a\u{202E}b", String(repeating: "x", count: 65)])
    func refusedUsername(_ text: String) {
        #expect(throws: RecoveryError(.malformed, reason: "")) { try Username(text) }
    }

    @Test(
        "usernames of other scripts and with spaces inside are accepted",
        arguments: ["ada", "Größe", "李", "a b", "x.y-z_1"])
    func acceptedUsername(_ text: String) throws {
        #expect(try Username(text).text == text)
    }

    @Test("what is not name@domain is no e-mail", arguments: ["", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a\n@b"])
    func refusedEmail(_ text: String) {
        #expect(throws: RecoveryError(.malformed, reason: "")) { try EmailAddress(text) }
    }

    @Test(
        "setup proposes the local part",
        arguments: [("Ada.L@x.org", "ada.l"), ("a+b@x.org", "ab"), ("+@x.org", "admin")])
    func proposal(_ pair: (String, String)) throws {
        #expect(Username.proposed(from: try EmailAddress(pair.0)) == pair.1)
    }

    @Test("a domain is a host name", arguments: ["https://x.org", "x.org/a", "", "-x.org", "x y"])
    func refusedDomain(_ text: String) {
        #expect(throws: RecoveryError(.malformed, reason: "")) { try InstanceDomain(text) }
    }
}
