import SparekeyTesting
import Testing

@testable import PasswordHashing

/// What every format owes, by data: a new format joins with its rows in vectors.tsv or programs.tsv, and refused.tsv.
@Suite("Every hash format")
struct HashFormatConformanceTests {
    static let names = HashFormats.standard.all.map(\.name)
    static let makers = HashFormats.standard.all.filter(\.canMake).map(\.name)

    @Test("has values of its own to be tested with", arguments: names)
    func hasVectors(name: String) {
        #expect(StoredVector.of(name).contains { $0.verdict == .correct })
    }

    @Test("keeps its promise", arguments: names, HashFormatConformance.Promise.allCases)
    func keeps(name: String, promise: HashFormatConformance.Promise) throws {
        let format = try #require(HashFormats.standard.named(name))
        let values = StoredVector.of(name).map { ($0.password, $0.stored) }
        try HashFormatConformance(format, in: .standard, values: values).check(promise)
    }

    /// Argon2id that passes over the byte that follows a value.
    struct Careless: HashFormat {
        var name: String { "careless" }
        var costShape: CostShape { Argon2.id.costShape }

        func parameters(of stored: String) throws -> HashParameters {
            let found = try Argon2.id.parameters(of: String(stored.prefix(97)))
            let cost = try HashCost(of: self, text: "\(found.cost)")
            return HashParameters(
                scheme: name, cost: cost, saltLength: found.saltLength, keyLength: found.keyLength)
        }

        func verify(_ password: Password, against stored: String) throws -> Bool {
            try Argon2.id.verify(password, against: String(stored.prefix(97)))
        }

        func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
            let cost = try HashCost(of: Argon2.id, text: "\(cost)")
            return try Argon2.id.make(password, cost: cost, variant: variant, salt: salt)
        }
    }

    @Test("that does not keep a promise is told which, and how")
    func isFound() throws {
        let cost = try HashCost(scheme: "argon2id", text: "m=19456,t=2,p=1")
        let stored = try Argon2.id.make(Password(utf8: "password"), cost: cost)
        let suite = try HashFormatConformance(
            Careless(), in: HashFormats([Careless(), Argon2.id]), values: [(Array("password".utf8), stored)])
        for promise in [HashFormatConformance.Promise.acceptsValues, .refusesWrongPasswords, .tellsItsCost] {
            try suite.check(promise)
        }
        let broken = #expect(throws: BrokenPromise.self) { try suite.check(.keepsSecrets) }
        #expect(broken?.description == "a value with something behind it is one")
        let shared = #expect(throws: BrokenPromise.self) { try suite.check(.isAloneWithItsValues) }
        #expect(shared?.description == "value 1 is recognised by careless, argon2id")
    }
}
