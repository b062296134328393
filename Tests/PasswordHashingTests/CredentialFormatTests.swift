import SparekeyTesting
import Testing

@testable import PasswordHashing

@Suite("A password stored in several columns")
struct CredentialFormatTests {
    static let formats = CredentialFormats.standard
    /// What is not in the table of single texts.
    static let several = formats.all.map(\.name).filter { HashFormats.standard.named($0) == nil }
    static let inputs = CredentialInputs(username: "ada", pepper: Password(utf8: "secret of the site"))

    func format(_ name: String) throws -> any CredentialFormat { try #require(Self.formats.named(name)) }

    @Test("has values of its own to be tested with", arguments: several)
    func hasVectors(name: String) {
        #expect(CredentialVector.all.contains { $0.format == name })
        #expect(RefusedCredential.all.contains { $0.format == name })
    }

    @Test("keeps its promise", arguments: several, CredentialFormatConformance.Promise.allCases)
    func keeps(name: String, promise: CredentialFormatConformance.Promise) throws {
        let values = CredentialVector.all.filter { $0.format == name }.map {
            CredentialFormatConformance.Value(password: $0.password, stored: $0.stored, inputs: $0.inputs)
        }
        // Gitea writes a salt beside bcrypt's own; Anki's key has none.
        try CredentialFormatConformance(
            format(name), values: values, unread: name == "gitea-bcrypt" ? [.salt] : [], hasSalt: name != "anki-hkey"
        ).check(promise)
    }

    @Test("that is not right is refused for what is wrong with it", arguments: RefusedCredential.all)
    func refuses(row: RefusedCredential) throws {
        let format = try format(row.format)
        #expect(throws: HashError(row.verdict, "")) { try format.parameters(of: row.stored) }
        #expect(throws: HashError(row.verdict, "")) {
            try format.verify(Password(utf8: "abcdef"), against: row.stored, inputs: Self.inputs)
        }
        #expect(format.identifies(row.stored) == (row.verdict == .outOfBounds))
    }

    @Test("keeps no part of a password that the program would cut off")
    func limits() throws {
        let long = Password(Array(repeating: 97, count: 73))
        for (name, limit) in [("gitea-bcrypt", 72), ("devise-bcrypt", 72), ("metabase-bcrypt", 36)] {
            let (format, vector) = (try format(name), try CredentialVector.cheapest(name))
            let error = #expect(throws: HashError.self) {
                try format.verify(long, against: vector.stored, inputs: vector.inputs)
            }
            #expect(error?.code == .passwordTooLong && error?.limit == limit, "\(name)")
        }
    }

    @Test("is never printed")
    func printing() {
        let stored = StoredCredential(hash: "hunter2")
        var dumped = ""
        dump(stored, to: &dumped)
        for text in ["\(stored)", String(reflecting: stored), dumped] { #expect(!text.contains("hunter2")) }
    }

    @Test("knows every format of one text too, by the same name")
    func wholeHashes() throws {
        let stored = StoredCredential(hash: "$2b$10$BUli0c.muyCW1ErNJc3jL.vFRFtFJWrT8/GcR4A.sUdCznaXiqFXa")
        #expect(Self.formats.identify(stored, among: ["argon2id", "bcrypt"])?.name == "bcrypt")
        #expect(Self.formats.identify(stored, among: ["argon2id"]) == nil)
        #expect(try format("bcrypt").verify(Password(utf8: "umami"), against: stored, inputs: CredentialInputs()))
        for plain in HashFormats.standard.all { #expect(try format(plain.name).fields == [.hash]) }
    }
}

/// Formats that programs of later profiles have: they join the table and nothing else changes.
@Suite("A credential format from elsewhere")
struct ForeignCredentialFormatTests {
    /// Metabase: bcrypt of salt and password, the salt in a column.
    struct SaltedBcrypt: CredentialFormat {
        var name: String { "salted-bcrypt" }
        var fields: Set<StoredCredential.Field> { [.hash, .salt] }
        var costShape: CostShape { Bcrypt().costShape }

        func parameters(of stored: StoredCredential) throws -> HashParameters {
            try Bcrypt().parameters(of: stored[.hash] ?? "")
        }

        func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
            try Bcrypt().verify(joined(stored[.salt], password), against: stored[.hash] ?? "")
        }

        func make(
            _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
        ) throws -> StoredCredential {
            let hash = try Bcrypt().make(
                joined("pepper", password), cost: HashCost(of: Bcrypt(), text: "\(cost)"), variant: nil, salt: salt)
            return StoredCredential([.hash: hash, .salt: "pepper"])
        }

        private func joined(_ salt: String?, _ password: Password) -> Password {
            Password(Array((salt ?? "").utf8) + password.withUnsafeBytes { Array($0) })
        }
    }

    /// Devise: bcrypt of password and a pepper from the program's settings.
    struct PepperedBcrypt: CredentialFormat {
        var name: String { "peppered-bcrypt" }
        var fields: Set<StoredCredential.Field> { [.hash] }
        var needsPepper: Bool { true }
        var costShape: CostShape { Bcrypt().costShape }

        func parameters(of stored: StoredCredential) throws -> HashParameters {
            try Bcrypt().parameters(of: stored[.hash] ?? "")
        }

        func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
            try Bcrypt().verify(joined(password, inputs), against: stored[.hash] ?? "")
        }

        func make(
            _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
        ) throws -> StoredCredential {
            let cost = try HashCost(of: Bcrypt(), text: "\(cost)")
            return StoredCredential(
                hash: try Bcrypt().make(joined(password, inputs), cost: cost, variant: nil, salt: salt))
        }

        private func joined(_ password: Password, _ inputs: CredentialInputs) throws -> Password {
            guard let pepper = inputs.pepper else { throw HashError(.missingInput, "a pepper") }
            return Password(password.withUnsafeBytes { Array($0) } + pepper.withUnsafeBytes { Array($0) })
        }
    }

    @Test("joins the table, with a salt or a pepper, and is used like any other")
    func joins() throws {
        let formats = CredentialFormats.standard.adding(SaltedBcrypt(), PepperedBcrypt())
        let inputs = CredentialInputs(pepper: Password(utf8: "secret of the site"))
        for name in ["salted-bcrypt", "peppered-bcrypt"] {
            let format = try #require(formats.named(name))
            let cost = try HashCost(of: format, text: "4")
            let stored = try format.make(
                Password(utf8: "password"), cost: cost, variant: nil, inputs: inputs, salt: .system)
            #expect(stored.fields == format.fields)
            #expect(try format.verify(Password(utf8: "password"), against: stored, inputs: inputs))
            #expect(try !format.verify(Password(utf8: "passwore"), against: stored, inputs: inputs))
        }
    }
}
