import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Synchronization
import Testing

@Suite("Consuming a reset token")
struct TokenTests {
    @Test("it sets the password once, ends the rest, and stays known for seven days", arguments: TestDatabase.Kind.all)
    func once(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let token = try await fixture.issueToken(account).shownOnce
            let other = try await fixture.issueToken(account).shownOnce
            let report = try await fixture.consume(token, "meadow-Copper-74")
            #expect(!report.requirePasswordChange && report.expiresAt == nil)
            let isSet = try await fixture.accepts("meadow-Copper-74", account)
            #expect(isSet)
            for spent in [token, other] {
                let again = await recoveryCode { _ = try await fixture.consume(spent, "another-Copper-74") }
                #expect(again == .invalidToken)
            }
            #expect(try await fixture.number("SELECT count(*) AS n FROM session") == 0)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_token WHERE used_at IS NOT NULL") == 1)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_token") == 1)
            let audit = try await fixture.rows(
                "SELECT row FROM audit WHERE row LIKE '%password.reset%' ORDER BY sequence DESC LIMIT 1")
            let row = try #require(audit.first).text("row")
            #expect(row.contains("\"kind\":\"owner\"") && row.contains("\"proof\":\"token\""))
            fixture.clock.advance(by: .seconds(7 * 86_400 - 10))
            #expect(try await fixture.store.cleanUp(all: false, now: fixture.clock.now) == 0)
            fixture.clock.advance(by: .seconds(20))
            #expect(try await fixture.store.cleanUp(all: false, now: fixture.clock.now) == 1)
        }
    }

    @Test("whatever is wrong with it, the refusal is the same and nothing changes", arguments: TestDatabase.Kind.all)
    func mangled(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let token = try await fixture.issueToken(account).shownOnce
            let flipped = token.hasSuffix("0") ? "1" : "0"
            var mangled = ["", "x", String(token.dropLast()), token + "0", token.uppercased(), "g" + token.dropFirst()]
            mangled += [token.dropLast() + flipped, "\u{FF10}" + token.dropFirst(), token + "\u{0}", "0x" + token]
            mangled += [token.prefix(32) + " " + token.dropFirst(32), String(repeating: "0", count: 64)]
            for text in mangled {
                let code = await recoveryCode { _ = try await fixture.consume(text, "meadow-Copper-74") }
                #expect(code == .invalidToken)
            }
            _ = try await fixture.consume(" \(token)\n", "meadow-Copper-74")
        }
    }

    @Test("over, issued in the future, or of a disabled account: refused", arguments: TestDatabase.Kind.all)
    func dead(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let token = try await fixture.issueToken(account).shownOnce
            func code() async -> RecoveryError.Code? {
                await recoveryCode { _ = try await fixture.consume(token, "meadow-Copper-74") }
            }
            try await fixture.execute("UPDATE account SET active = 0")
            #expect(await code() == .invalidToken)
            try await fixture.execute("UPDATE account SET active = 1")
            fixture.clock.advance(by: .seconds(-61))
            #expect(await code() == .invalidToken)
            fixture.clock.advance(by: .seconds(61 + 3600))
            #expect(await code() == .invalidToken)
            fixture.clock.advance(by: .microseconds(-1))
            #expect(await code() == nil)
        }
    }

    @Test("a password that the policy refuses spends nothing", arguments: TestDatabase.Kind.all)
    func policy(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("adalovelace", password: "quartz-Lantern-58")
            let token = try await fixture.issueToken(account).shownOnce
            let flow = fixture.consumeToken(history: 2)
            for (text, password, expected) in [
                ("no token", "short", RecoveryError.Code.policy), ("no token", "adalovelace", .invalidToken),
                (token, "short", .policy), (token, "adalovelace", .policy), (token, "quartz-Lantern-58", .policy),
            ] {
                #expect(await recoveryCode { _ = try await fixture.consume(text, password, flow) } == expected)
            }
            _ = try await fixture.consume(token, "meadow-Copper-74", flow)
        }
    }

    @Test("the consumer's address is kept only where the setting asks for it", arguments: TestDatabase.Kind.all)
    func address(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            for (keeps, expected) in [(false, nil), (true, "192.0.2.7")] as [(Bool, String?)] {
                let token = try await fixture.issueToken(account)
                _ = try await fixture.consume(
                    token.shownOnce, "meadow-Copper-74", fixture.consumeToken(keepsAddress: keeps))
                let rows = try await fixture.rows(
                    "SELECT used_from FROM reset_token ORDER BY used_from IS NULL, used_at DESC")
                #expect(try #require(rows.first).optionalText("used_from") == expected)
            }
        }
    }

    @Test("Argon2id runs for a token that was issued and lives, and for no other", arguments: TestDatabase.Kind.all)
    func cost(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let token = try await fixture.issueToken(account).shownOnce
            let hasher = CountingHasher()
            let flow = fixture.consumeToken(hasher: hasher)
            _ = await recoveryCode {
                _ = try await fixture.consume(String(repeating: "0", count: 64), "meadow-Copper-74", flow)
            }
            #expect(hasher.verified == 0)
            _ = try await fixture.consume(token, "meadow-Copper-74", flow)
            #expect(hasher.verified == 1)
            _ = await recoveryCode { _ = try await fixture.consume(token, "meadow-Copper-74", flow) }
            #expect(hasher.verified == 1)
        }
    }

    @Test("of 64 that use one token at once, over two handles, one succeeds", arguments: TestDatabase.Kind.all)
    func contended(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let other = try await fixture.another()
            let flows = [fixture.consumeToken(), fixture.consumeToken(other)]
            for _ in 0..<16 {
                let token = try await fixture.issueToken(account).shownOnce
                let endings = await race(64) { index in
                    _ = try await fixture.consume(token, "meadow-Copper-\(index)", flows[index % 2])
                }
                #expect(endings == [nil: 1, .invalidToken: 63])
            }
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset WHERE state = 'done'") == 16)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset WHERE state = 'prepared'") == 0)
            await other.close()
        }
    }

    @Test("a reset that cannot be written leaves the token unspent", arguments: TestDatabase.Kind.all)
    func broken(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let token = try await fixture.issueToken(account).shownOnce
            try await fixture.breakAccounts()
            #expect(await recoveryCode { _ = try await fixture.consume(token, "meadow-Copper-74") } != nil)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset_token WHERE used_at IS NULL") == 1)
            #expect(try await fixture.number("SELECT count(*) AS n FROM reset WHERE state = 'abandoned'") == 1)
            let stays = try await fixture.accepts("old password", account)
            #expect(stays)
            try await fixture.mendAccounts()
            _ = try await fixture.consume(token, "meadow-Copper-74")
        }
    }

    @Test("a plan whose proof was spent meanwhile is refused whole", arguments: TestDatabase.Kind.all)
    func spentMeanwhile(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            _ = try await fixture.issueToken(account)
            let row = try await fixture.rows("SELECT id FROM reset_token")
            let proof = Proof.token(try #require(row.first).text("id"))
            let prepared = try await fixture.store.prepare(try await fixture.plan(account, "first new", proof: proof))
            let first = try await fixture.store.commit(prepared)
            // The answer got lost: the same commit again is the same success.
            #expect(try await fixture.store.commit(prepared) == first)
            await prepared.release()
            let late = try await fixture.store.prepare(try await fixture.plan(account, "second new", proof: proof))
            #expect(await recoveryCode { _ = try await fixture.store.commit(late) } == .proofSpent)
            try await fixture.store.abandon(late)
            await late.release()
            let isFirst = try await fixture.accepts("first new", account)
            #expect(isFirst)
        }
    }
}

/// Counts how often it verifies.
private final class CountingHasher: PasswordHasher {
    private let base = CheapHasher()
    private let count = Mutex(0)

    var verified: Int { count.withLock(\.self) }

    func make(_ password: Password) async throws -> String { try await base.make(password) }

    func verify(_ password: Password, against stored: String) async throws -> Bool {
        count.withLock { $0 += 1 }
        return try await base.verify(password, against: stored)
    }

    func makePBKDF2(_ password: Password) async throws -> String { try await base.makePBKDF2(password) }
    func makeTokenHash(_ token: Password) async throws -> String { try await base.makeTokenHash(token) }
    func limitViolation(_ password: Password) -> PolicyViolation? { nil }
}
