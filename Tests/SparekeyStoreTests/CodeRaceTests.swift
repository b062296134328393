import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Reset codes when many come at once")
struct CodeRaceTests {
    @Test("of 64 that use one code at once, over two handles, one succeeds", arguments: TestDatabase.Kind.all)
    func contended(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let other = try await fixture.another()
            let handles = [CodeFixture(fixture), CodeFixture(fixture, other)]
            for _ in 0..<16 {
                let code = try #require(try await handles[0].code(for: "ada"))
                let endings = await race(64) { index in
                    try await handles[index % 2].use("ada", code, "meadow-Copper-\(index)")
                }
                #expect(endings == [nil: 1, .invalidCode: 63])
            }
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset WHERE state = 'done'") == 16)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code WHERE used_at IS NOT NULL") == 16)
            await other.close()
        }
    }

    @Test("of 64 wrong guesses at once five are compared", arguments: TestDatabase.Kind.all)
    func guesses(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let other = try await fixture.another()
            let handles = [CodeFixture(fixture), CodeFixture(fixture, other)]
            for round in 1...3 {
                let code = try #require(try await handles[0].code(for: "ada"))
                let wrong = CodeFixture.wrong(code)
                let endings = await race(64) { index in
                    let codes = handles[index % 2]
                    guard index.isMultiple(of: 4) else {
                        return try await codes.verify(name: "ada", code: wrong, address: nil)
                    }
                    try await codes.use("ada", wrong, "meadow-Copper-74")
                }
                #expect(endings == [.invalidCode: 64])
                #expect(try await fixture.number("SELECT compared AS n FROM code_tries") == Int64(round * 5))
                #expect(await !handles[0].verifies("ada", code))
            }
            await other.close()
        }
    }

    @Test("right guesses at once use up no try", arguments: TestDatabase.Kind.all)
    func rightGuesses(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.add("ada")
            let codes = CodeFixture(fixture)
            let code = try #require(try await codes.code(for: "ada"))
            #expect(await race(64) { _ in try await codes.verify(name: "ada", code: code, address: nil) } == [nil: 64])
            #expect(try await fixture.number("SELECT tries + compared AS n FROM code_tries") == 0)
        }
    }

    @Test("a request is decided by one of several servers", arguments: TestDatabase.Kind.all)
    func servers(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let other = try await fixture.another()
            let handles = [CodeFixture(fixture), CodeFixture(fixture, other)]
            for index in 0..<12 {
                try await fixture.add("user\(index)")
                try await handles[0].request(name: "user\(index)", address: nil)
            }
            #expect(await race(8) { index in _ = try await handles[index % 2].issue()() } == [nil: 8])
            let numbers = handles.flatMap { $0.notices.all.map(\.number) }
            #expect(numbers.sorted() == Array(1...12))
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code") == 12)
            await other.close()
        }
    }

    @Test("a reset that cannot be written leaves the code unspent", arguments: TestDatabase.Kind.all)
    func broken(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let codes = CodeFixture(fixture)
            let code = try #require(try await codes.code(for: "ada"))
            try await fixture.breakAccounts()
            for _ in 0..<6 { #expect(await codes.refusal("ada", code, "meadow-Copper-74") != nil) }
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_code WHERE used_at IS NULL") == 1)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset WHERE state = 'abandoned'") == 6)
            try await fixture.mendAccounts()
            try await codes.use("ada", code, "meadow-Copper-74")
            let isSet = try await fixture.accepts("meadow-Copper-74", account)
            #expect(isSet)
        }
    }
}
