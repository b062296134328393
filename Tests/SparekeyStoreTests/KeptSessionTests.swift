import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

/// The session from which its owner changes the password.
struct KeptSessionTests {
    private static let (old, other, new) = (bytes(1), bytes(2), bytes(3))

    @Test("it gets a new id and secret with the new password, and the others end", arguments: TestDatabase.Kind.all)
    func renewed(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await Self.prepared(fixture)
            _ = try await fixture.pipeline()(try await Self.request(fixture, account, keeping: "one"))
            #expect(try await Self.sessions(fixture) == ["new": Self.new])
            #expect(try await fixture.store.find(secretHash: Self.new)?.account.id == account.id)
        }
    }

    @Test("where the password cannot be written, it is as it was", arguments: TestDatabase.Kind.all)
    func neither(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await Self.prepared(fixture)
            try await fixture.breakAccounts()
            let request = try await Self.request(fixture, account, keeping: "one")
            #expect(await recoveryCode { _ = try await fixture.pipeline()(request) } != nil)
            #expect(try await Self.sessions(fixture) == ["one": Self.old, "two": Self.other])
            #expect(try await fixture.accepts("old password", account))
        }
    }

    @Test("where it cannot be renewed, the password is as it was", arguments: TestDatabase.Kind.all)
    func both(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await Self.prepared(fixture)
            // The new id is somebody else's already.
            let eve = try await fixture.add("eve")
            try await Self.insert("new", eve, Self.bytes(4), fixture)
            let request = try await Self.request(fixture, account, keeping: "one")
            await #expect(throws: (any Error).self) { _ = try await fixture.pipeline()(request) }
            #expect(try await fixture.accepts("old password", account))
            #expect(try await fixture.store.find(secretHash: Self.old)?.session.id == "one")
        }
    }

    @Test("somebody else's is neither kept nor renewed", arguments: TestDatabase.Kind.all)
    func foreign(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await Self.prepared(fixture)
            let eve = try await fixture.add("eve")
            try await Self.insert("three", eve, Self.bytes(4), fixture)
            _ = try await fixture.pipeline()(try await Self.request(fixture, account, keeping: "three"))
            #expect(try await Self.sessions(fixture) == ["three": Self.bytes(4)])
        }
    }

    private static func bytes(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    private static func prepared(_ fixture: StoreFixture) async throws -> Account {
        let account = try await fixture.add("ada")
        try await insert("one", account, old, fixture)
        try await insert("two", account, other, fixture)
        return account
    }

    private static func insert(
        _ id: String, _ account: Account, _ secretHash: [UInt8], _ fixture: StoreFixture
    ) async throws {
        try await fixture.execute(
            """
            INSERT INTO session (id, account_id, secret_hash, created_at, last_used_at)
            VALUES (\(id), \(account.id), \(secretHash), 1, 1)
            """)
    }

    private static func request(
        _ fixture: StoreFixture, _ account: Account, keeping id: String
    ) async throws -> ResetRequest {
        let judge = JudgePassword(policy: PasswordPolicy(.basic, strengthBits: 0), hasher: CheapHasher())
        return ResetRequest(
            account: account,
            password: try await judge(Password(utf8: "new password"), origin: .given, context: PolicyContext()),
            form: .owner, proof: .currentPassword, actor: .owner(account, address: nil), reason: nil, forceChange: nil,
            keepsUndo: true, keptSession: KeptSession(id, renewed: KeptSession.Renewal(id: "new", secretHash: new)))
    }

    private static func sessions(_ fixture: StoreFixture) async throws -> [String: [UInt8]] {
        let rows = try await fixture.rows("SELECT id, secret_hash FROM session")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.text("id"), try $0.blob("secret_hash")) })
    }
}
