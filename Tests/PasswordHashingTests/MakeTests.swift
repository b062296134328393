import Testing

@testable import PasswordHashing

@Suite("A value made here")
struct MakeTests {
    let formats = HashFormats.standard

    /// The least that the format accepts.
    func cheapest(_ format: any HashFormat) throws -> HashCost {
        try format.cost(format.costShape.numbers.map(\.range.lowerBound))
    }

    func code(_ body: () throws -> some Any) -> HashError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? HashError)?.code
        }
    }

    @Test("verifies, is recognised and needs no rehash", arguments: HashFormatConformanceTests.makers)
    func roundTrip(name: String) throws {
        let format = try #require(formats.named(name))
        let cost = try cheapest(format)
        for word in ["", "password", "pässwörd 密码 🔑", String(repeating: "x", count: 72)] {
            let stored = try formats.make(Password(utf8: word), cost: cost)
            #expect(formats.identify(stored)?.name == name)
            #expect(try formats.verify(Password(utf8: word), against: stored))
            #expect(try !formats.verify(Password(utf8: word + "x"), against: stored, orTooLong: true))
            #expect(!formats.needsRehash(stored, to: cost))
            #expect(try formats.parameters(of: stored).cost == cost)
        }
    }

    @Test("differs each time, and only by its salt", arguments: HashFormatConformanceTests.makers)
    func saltDecides(name: String) throws {
        let cost = try cheapest(#require(formats.named(name)))
        let password = Password(utf8: "password")
        #expect(try formats.make(password, cost: cost) != formats.make(password, cost: cost))
        let fixed = SaltSource { Array(repeating: 7, count: $0) }
        #expect(try formats.make(password, cost: cost, salt: fixed) == formats.make(password, cost: cost, salt: fixed))
    }

    @Test(
        "has a salt of sixteen bytes or characters, or Django's twenty-two",
        arguments: HashFormatConformanceTests.makers)
    func saltIsLong(name: String) throws {
        let stored = try formats.make(Password(utf8: "a"), cost: cheapest(#require(formats.named(name))))
        #expect(try formats.parameters(of: stored).saltLength == (Self.hasTextSalt(name) ? 22 : 16))
    }

    /// Django's own salts are text, its bcrypt's aside.
    static func hasTextSalt(_ name: String) -> Bool { name.hasPrefix("django-") && !name.contains("bcrypt") }

    @Test("has the bcrypt prefix that was asked for", arguments: ["2a", "2b", "2y"])
    func bcryptPrefix(variant: String) throws {
        let cost = try HashCost(scheme: "bcrypt", text: "4")
        let stored = try formats.make(Password(utf8: "password"), cost: cost, variant: variant)
        #expect(stored.hasPrefix("$\(variant)$04$"))
        #expect(try formats.verify(Password(utf8: "password"), against: stored))
    }

    @Test("copies the scheme, prefix and cost of the one it replaces")
    func likeAnother() throws {
        let old = "$2y$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"
        #expect(try formats.make(Password(utf8: "new"), like: old).hasPrefix("$2y$05$"))
    }

    @Test(
        "is refused for schemes that are only verified",
        arguments: HashFormats.standard.all.filter { !$0.canMake }.map(\.name))
    func weakSchemes(name: String) throws {
        let format = try #require(formats.named(name))
        #expect(code { try formats.make(Password(utf8: "a"), cost: cheapest(format)) } == .cannotMake)
    }

    @Test(
        "is never an MD5, an unsalted digest or SHA-1",
        arguments: [
            "md5-crypt", "apr1", "phpass", "ldap-md5", "ldap-sha1", "ldap-ssha1", "ldap-sha512", "pbkdf2-sha1",
            "dovecot-pbkdf2", "node-password-hash-sha1", "aspnet-identity-v2", "jellyfin-pbkdf2-sha1",
        ])
    func weakNames(name: String) throws {
        #expect(try #require(formats.named(name)).canMake == false)
    }

    @Test("is refused for a prefix that the scheme has not")
    func unknownVariant() throws {
        let cost = try HashCost(scheme: "bcrypt", text: "4")
        #expect(code { try formats.make(Password(utf8: "a"), cost: cost, variant: "2x") } == .cannotMake)
        let other = try HashCost(scheme: "argon2id", text: "m=8,t=1,p=1")
        #expect(code { try formats.make(Password(utf8: "a"), cost: other, variant: "2y") } == .cannotMake)
    }

    @Test("is refused at the cost of another scheme")
    func foreignCost() throws {
        let cost = try HashCost(scheme: "sha512-crypt", text: "5000")
        let call = { try Bcrypt().make(Password(utf8: "a"), cost: cost, variant: nil, salt: .system) }
        #expect(code(call) == .malformedCost)
    }

    @Test("by libsodium is what the reference library computes")
    func librariesAgree() throws {
        let derivation = Argon2Derivation(
            kind: .id, version: 19, memory: 19_456, passes: 2, lanes: 1, salt: Array(0..<16), tagLength: 32)
        let password = Password(utf8: "password")
        #expect(try derivation.tagBySodium(password) == derivation.tagByReference(password))
    }
}

extension HashFormats {
    /// Verification where being too long for the format counts as being wrong.
    fileprivate func verify(_ password: Password, against stored: String, orTooLong: Bool) throws -> Bool {
        do {
            return try verify(password, against: stored)
        } catch let error as HashError where orTooLong && error.code == .passwordTooLong {
            return false
        }
    }
}
