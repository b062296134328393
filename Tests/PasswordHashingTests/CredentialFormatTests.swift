import PasswordHashing
import Testing

/// One row of credentials/vectors.tsv.
struct CredentialVector: Sendable, CustomTestStringConvertible {
    let format: String
    let password: [UInt8]
    let inputs: CredentialInputs
    let stored: StoredCredential
    let source: String

    var testDescription: String { "\(format) (\(source))" }

    static let all: [CredentialVector] = VectorFile("vectors.tsv", folder: "credentials").rows.compactMap { columns in
        guard columns.count == 5 else { return nil }
        return CredentialVector(
            format: columns[0], password: StoredVector.bytes(hex: columns[1]),
            inputs: CredentialInputs(username: columns[2] == "-" ? nil : columns[2]), stored: .init(row: columns[3]),
            source: columns[4])
    }
}

/// One row of credentials/refused.tsv.
struct RefusedCredential: Sendable, CustomTestStringConvertible {
    let verdict: HashError.Code
    let format: String
    let stored: StoredCredential
    let why: String

    var testDescription: String { "\(format): \(why)" }

    static let all: [RefusedCredential] = VectorFile("refused.tsv", folder: "credentials").rows.compactMap { columns in
        guard columns.count == 4 else { return nil }
        return RefusedCredential(
            verdict: columns[0] == "bounds" ? .outOfBounds : .malformed, format: columns[1],
            stored: .init(row: columns[2]), why: columns[3])
    }
}

extension StoredCredential {
    /// `hash=… salt=…`
    fileprivate init(row: String) {
        self.init(
            Dictionary(
                uniqueKeysWithValues: row.split(separator: " ").map { part in
                    let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (Field(rawValue: String(words[0])), String(words[1]))
                }))
    }
}

@Suite("A password stored in several columns")
struct CredentialFormatTests {
    static let formats = CredentialFormats.standard
    static let several = ["gitea-pbkdf2", "grafana-pbkdf2", "anki-hkey"]

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
            try format.verify(Password(utf8: "abcdef"), against: row.stored, inputs: CredentialInputs(username: "ada"))
        }
        #expect(format.identifies(row.stored) == (row.verdict == .outOfBounds))
    }

    @Test("made here fits its password, and differs each time by its salt", arguments: several)
    func makes(name: String) throws {
        let format = try format(name)
        let inputs = CredentialInputs(username: "ada")
        let cost = try HashCost(of: format, text: name == "gitea-pbkdf2" ? "10" : "")
        let make = {
            try format.make(Password(utf8: "pässwörd"), cost: cost, variant: nil, inputs: inputs, salt: .system)
        }
        let (stored, other) = (try make(), try make())
        #expect(stored.fields == format.fields)
        #expect(try format.verify(Password(utf8: "pässwörd"), against: stored, inputs: inputs))
        #expect((stored != other) == (name != "anki-hkey"))
        #expect(try format.parameters(of: stored).cost == cost)
    }

    @Test("is never printed")
    func printing() {
        let stored = StoredCredential(hash: "hunter2")
        var dumped = ""
        dump(stored, to: &dumped)
        for text in ["\(stored)", String(reflecting: stored), dumped] { #expect(!text.contains("hunter2")) }
    }

    @Test("that needs the account's name is refused without it")
    func missingInput() throws {
        let format = try format("anki-hkey")
        let stored = StoredCredential(hash: String(repeating: "a", count: 40))
        #expect(throws: HashError(.missingInput, "")) {
            try format.verify(Password(utf8: "a"), against: stored, inputs: CredentialInputs())
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
