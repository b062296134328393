import PasswordHashing
import Testing

@Suite("A hash cost")
struct HashCostTests {
    @Test(
        "is spelled as it is read",
        arguments: [
            ("argon2id", "m=19456,t=2,p=1"), ("bcrypt", "12"), ("yescrypt", "5"), ("sha512-crypt", "656000"),
            ("pbkdf2-sha256", "600000"), ("passlib-pbkdf2-sha512", "210000"), ("scrypt", "ln=17,r=8,p=1"),
        ])
    func spelling(scheme: String, text: String) throws {
        #expect(try HashCost(scheme: scheme, text: text).description == text)
    }

    @Test(
        "spelled otherwise is refused",
        arguments: [
            ("argon2id", "m=19456,t=2"), ("argon2id", "t=2,m=19456,p=1"), ("argon2id", "m=019456,t=2,p=1"),
            ("argon2id", "19456"), ("argon2id", "m=19456,t=2,p=1 "), ("argon2id", ""), ("bcrypt", "cost=12"),
            ("bcrypt", "-1"), ("bcrypt", "012"), ("bcrypt", "1２"), ("scrypt", "17"), ("md5-crypt", "1000"),
        ])
    func misspelling(scheme: String, text: String) {
        #expect(throws: HashError(.malformedCost, "")) { try HashCost(scheme: scheme, text: text) }
    }

    @Test(
        "out of bounds is refused",
        arguments: [
            ("argon2id", "m=262145,t=2,p=1"), ("argon2id", "m=19456,t=17,p=1"), ("argon2id", "m=100,t=2,p=16"),
            ("bcrypt", "3"), ("bcrypt", "17"), ("yescrypt", "10"), ("sha512-crypt", "1000001"),
            ("pbkdf2-sha256", "5000001"), ("scrypt", "ln=19,r=8,p=1"),
        ])
    func bounds(scheme: String, text: String) {
        #expect(throws: HashError(.outOfBounds, "")) { try HashCost(scheme: scheme, text: text) }
    }

    @Test(
        "meets OWASP's floor from there on",
        arguments: [
            ("argon2id", "m=47104,t=1,p=1", "m=35839,t=1,p=1"), ("argon2id", "m=19456,t=2,p=1", "m=17919,t=2,p=1"),
            ("argon2id", "m=7168,t=5,p=1", "m=7167,t=16,p=1"), ("bcrypt", "10", "9"),
            ("pbkdf2-sha256", "600000", "599999"), ("pbkdf2-sha512", "210000", "209999"),
            ("scrypt", "ln=17,r=8,p=1", "ln=16,r=8,p=1"), ("scrypt", "ln=15,r=8,p=3", "ln=15,r=8,p=2"),
            ("scrypt", "ln=13,r=8,p=10", "ln=12,r=8,p=16"), ("yescrypt", "5", "4"),
        ])
    func floor(scheme: String, enough: String, tooLittle: String) throws {
        #expect(try HashCost(scheme: scheme, text: enough).meetsFloor)
        #expect(try !HashCost(scheme: scheme, text: tooLittle).meetsFloor)
    }

    @Test("recommended by a format that makes values meets the floor", arguments: HashFormatConformanceTests.makers)
    func recommended(name: String) throws {
        #expect(try #require(HashFormats.standard.named(name)).recommendedCost.meetsFloor)
    }

    @Test("of an unknown scheme is refused")
    func unknownScheme() {
        #expect(throws: HashError(.unknownFormat, "")) { try HashCost(scheme: "rot13", text: "13") }
    }

    @Test("higher than a stored value's calls for a rehash, a lower or equal one does not")
    func rehash() throws {
        let stored = "$2b$10$BUli0c.muyCW1ErNJc3jL.vFRFtFJWrT8/GcR4A.sUdCznaXiqFXa"
        let formats = HashFormats.standard
        #expect(try formats.needsRehash(stored, to: HashCost(scheme: "bcrypt", text: "11")))
        #expect(try !formats.needsRehash(stored, to: HashCost(scheme: "bcrypt", text: "10")))
        #expect(try !formats.needsRehash(stored, to: HashCost(scheme: "bcrypt", text: "9")))
    }

    @Test("of another scheme, or a stored value of an old version, calls for a rehash")
    func rehashForScheme() throws {
        let formats = HashFormats.standard
        let cost = try HashCost(scheme: "argon2id", text: "m=8,t=1,p=1")
        let tail = "m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        #expect(!formats.needsRehash("$argon2id$v=19$\(tail)", to: cost))
        #expect(formats.needsRehash("$argon2id$v=16$\(tail)", to: cost))
        #expect(formats.needsRehash("$argon2i$v=19$\(tail)", to: cost))
        #expect(formats.needsRehash("nonsense", to: cost))
    }
}
