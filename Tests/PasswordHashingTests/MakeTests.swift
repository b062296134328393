import SparekeyTesting
import Testing

@testable import PasswordHashing

@Suite("A value made here")
struct MakeTests {
    let formats = HashFormats.standard

    func code(_ body: () throws -> some Any) -> HashError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? HashError)?.code
        }
    }

    @Test(
        "has a salt of sixteen bytes or characters, or Django's twenty-two",
        arguments: HashFormatConformanceTests.makers)
    func saltIsLong(name: String) throws {
        let stored = try formats.make(Password(utf8: "a"), cost: #require(formats.named(name)).cheapestCost)
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

    @Test("by libsodium is what the reference library computes")
    func librariesAgree() throws {
        let derivation = Argon2Derivation(
            kind: .id, version: 19, memory: 19_456, passes: 2, lanes: 1, salt: Array(0..<16), tagLength: 32)
        let password = Password(utf8: "password")
        #expect(try derivation.tagBySodium(password) == derivation.tagByReference(password))
    }
}
