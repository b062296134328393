import PasswordHashing
import Testing

@Suite("A password that a format cannot hold")
struct PasswordLimitTests {
    let formats = HashFormats.standard
    static let cryptFormats = ["bcrypt", "yescrypt", "sha512-crypt", "sha256-crypt", "md5-crypt"]

    func error(_ name: String, _ password: [UInt8]) throws -> HashError? {
        let specimen = try Specimen(name)
        do {
            _ = try formats.verify(Password(password), against: specimen.stored)
            return nil
        } catch {
            return error as? HashError
        }
    }

    @Test("is refused by bcrypt beyond 72 bytes, not cut")
    func bcryptLimit() throws {
        #expect(try error("bcrypt", Array(repeating: 97, count: 72)) == nil)
        let refused = try error("bcrypt", Array(repeating: 97, count: 73))
        #expect(refused?.code == .passwordTooLong)
        #expect(refused?.limit == 72)
    }

    @Test("is refused by the other crypt(3) formats beyond 511 bytes", arguments: cryptFormats.dropFirst())
    func cryptLimit(name: String) throws {
        #expect(try error(name, Array(repeating: 97, count: 511)) == nil)
        #expect(try error(name, Array(repeating: 97, count: 512))?.limit == 511)
    }

    @Test("is refused by every crypt(3) format when it holds a NUL", arguments: cryptFormats)
    func nulIsRefused(name: String) throws {
        for password in [[0], [97, 0], [97, 0, 98]] as [[UInt8]] {
            #expect(try error(name, password)?.code == .passwordContainsNUL)
        }
    }

    @Test("is refused when made as when verified")
    func makingToo() throws {
        let cost = try HashCost(scheme: "bcrypt", text: "4")
        #expect(throws: HashError(.passwordTooLong, "")) {
            try formats.make(Password(Array(repeating: 97, count: 73)), cost: cost)
        }
        #expect(throws: HashError(.passwordContainsNUL, "")) {
            try formats.make(Password([97, 0]), cost: cost)
        }
    }
}
