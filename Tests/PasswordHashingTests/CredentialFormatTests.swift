import Testing

@testable import PasswordHashing

@Suite("A password stored in several columns")
struct CredentialFormatTests {
    static let formats = CredentialFormats.standard
    /// What is not in the table of single texts.
    static let several = formats.all.map(\.name).filter { HashFormats.standard.named($0) == nil }
    static let makers = several.filter { formats.named($0)?.canMake == true }
    static let inputs = CredentialInputs(username: "ada", pepper: Password(utf8: "secret of the site"))

    func format(_ name: String) throws -> any CredentialFormat { try #require(Self.formats.named(name)) }

    @Test("has values of its own to be tested with", arguments: several)
    func hasVectors(name: String) {
        #expect(CredentialVector.all.contains { $0.format == name })
        #expect(RefusedCredential.all.contains { $0.format == name })
    }

    @Test("fits the password behind a value made elsewhere, and no other", arguments: CredentialVector.all)
    func verifies(vector: CredentialVector) throws {
        let format = try format(vector.format)
        #expect(try format.verify(Password(vector.password), against: vector.stored, inputs: vector.inputs))
        #expect(try !format.verify(Password(vector.password + [0x21]), against: vector.stored, inputs: vector.inputs))
        let cost = try format.parameters(of: vector.stored).cost
        #expect(try HashCost(of: format, text: cost.description) == cost)
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

    @Test("made here fits its password, and differs each time by its salt", arguments: makers)
    func makes(name: String) throws {
        let format = try format(name)
        let cost = try format.cost(format.costShape.numbers.map(\.range.lowerBound))
        let make = {
            try format.make(Password(utf8: "pässwörd"), cost: cost, variant: nil, inputs: Self.inputs, salt: .system)
        }
        let (stored, other) = (try make(), try make())
        #expect(stored.fields == format.fields)
        #expect(try format.verify(Password(utf8: "pässwörd"), against: stored, inputs: Self.inputs))
        #expect(try !format.verify(Password(utf8: "pässwörD"), against: stored, inputs: Self.inputs))
        #expect((stored != other) == (name != "anki-hkey"))
        #expect(try format.parameters(of: stored).cost == cost)
        #expect(try !format.parameters(of: stored).isOutdated)
    }

    @Test("is not made where it is only verified", arguments: several.filter { !makers.contains($0) })
    func verifiedOnly(name: String) throws {
        let format = try format(name)
        let cost = try format.cost(format.costShape.numbers.map(\.range.lowerBound))
        #expect(throws: HashError(.cannotMake, "")) {
            try format.make(Password(utf8: "a"), cost: cost, variant: nil, inputs: Self.inputs, salt: .system)
        }
    }

    @Test("is refused with any bit of any column flipped, and cut at any byte", arguments: several)
    func refusesDamage(name: String) throws {
        let (format, vector) = (try format(name), try CredentialVector.cheapest(name))
        for field in format.fields where !(name == "gitea-bcrypt" && field == .salt) {
            let bytes = Array(try #require(vector.stored[field]).utf8)
            var damaged = (0..<bytes.count).map { Array(bytes.prefix($0)) }
            for (index, bit) in bytes.indices.flatMap({ index in (0..<8).map { (index, $0) } }) {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                damaged.append(flipped)
            }
            for bytes in damaged {
                var stored = vector.stored
                stored[field] = String(decoding: bytes, as: UTF8.self)
                let fits = try? format.verify(Password(vector.password), against: stored, inputs: vector.inputs)
                #expect(fits != true, "\(field)")
            }
        }
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

    @Test("that needs the account's name or a pepper is refused without it", arguments: ["anki-hkey", "devise-bcrypt"])
    func missingInput(name: String) throws {
        let (format, vector) = (try format(name), try CredentialVector.cheapest(name))
        #expect(format.needsUsername != format.needsPepper)
        #expect(throws: HashError(.missingInput, "")) {
            try format.verify(Password(utf8: "a"), against: vector.stored, inputs: CredentialInputs())
        }
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
