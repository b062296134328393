import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Synchronization
import Testing

@Suite("The owner's own change while something else happens to the hash")
struct ChangePasswordTests {
    /// The real primitive. Between the proof of the current password and the reset something else happens, once.
    private final class Interrupted: TimedHasher {
        private let cheap = CheapHasher()
        private let verified = Mutex(0)
        private let meanwhile: @Sendable () async throws -> Void

        init(meanwhile: @escaping @Sendable () async throws -> Void = {}) {
            self.meanwhile = meanwhile
        }

        func verify(_ password: Password, against stored: String) async throws -> Bool {
            let count = verified.withLock { count in
                count += 1
                return count
            }
            if count == 2 { try await meanwhile() }
            return try await cheap.verify(password, against: stored)
        }

        func timedVerify(
            _ password: Password, against stored: String, isUrgent: Bool
        ) async throws -> TimedVerification {
            let isRight = try await cheap.verify(password, against: stored)
            return TimedVerification(outcome: .success(isRight), waited: .zero, worked: .zero)
        }

        func make(_ password: Password) async throws -> String { try await cheap.make(password) }
        func make(_ password: Password, like stored: String) async throws -> String { try await cheap.make(password) }
        func makePBKDF2(_ password: Password) async throws -> String { try await cheap.makePBKDF2(password) }
        func makeTokenHash(_ token: Password) async throws -> String { try await cheap.makeTokenHash(token) }
        func limitViolation(_ password: Password) -> PolicyViolation? { nil }
    }

    private func change(
        _ fixture: StoreFixture, _ account: Account, meanwhile: @escaping @Sendable () async throws -> Void
    ) async throws -> ResetReport {
        let store = fixture.store
        let floor = try await SignInFloor(
            hasher: Interrupted(), register: store, random: SystemRandomSource(), samples: 1)
        let limits = ThrottleLimits.standard
        let entrance = SignInGuard(
            chargeTry: ChargeTry(register: store, key: fixture.key, limits: limits, clock: fixture.clock),
            recordWrongTries: RecordWrongTries(register: store, key: fixture.key, clock: fixture.clock), floor: floor)
        let judge = JudgePassword(policy: PasswordPolicy(.basic, strengthBits: 0), hasher: CheapHasher())
        let session = SessionRecord(
            id: SystemRandomSource().uuid(), accountID: account.id, createdAt: fixture.clock.now,
            lastUsedAt: fixture.clock.now, address: nil, device: nil)
        return try await ChangePassword(
            directory: store, entrance: entrance, hasher: Interrupted(meanwhile: meanwhile),
            accept: AcceptPassword(judge: judge, directory: store, domain: nil), reset: fixture.pipeline())(
                of: SignedIn(session: session, account: account), current: Password(utf8: "a password"),
                new: Password(utf8: "another password"), address: nil)
    }

    @Test("a rehash of the same password does not make the current one wrong", arguments: TestDatabase.Kind.all)
    func rehashed(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", password: "a password")
            _ = try await change(fixture, account) {
                let old = try #require(try await fixture.store.read(account))
                guard case .text(let hash) = old[OwnColumn.passwordHash],
                    case .bytes(let mark) = old[OwnColumn.passwordMark]
                else {
                    Issue.record("there is no hash")
                    return
                }
                let new = try await CheapHasher().make(Password(utf8: "a password"))
                let audit = AuditEvent(
                    .passwordRehashed, actor: .owner(account, address: nil), at: fixture.clock.now, account: account)
                let plan = RehashPlan(
                    account: account, verified: (hash, mark),
                    new: (new, fixture.key.witness(of: new, account: account.id)), audit: audit)
                #expect(try await fixture.store.rehash(plan))
            }
            #expect(try await fixture.accepts("another password", account))
        }
    }

    @Test("a reset to another password does, and stands", arguments: TestDatabase.Kind.all)
    func resetMeanwhile(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada", password: "a password")
            await #expect(throws: RecoveryError(.wrongCurrentPassword, reason: "")) {
                _ = try await change(fixture, account) {
                    _ = try await fixture.pipeline()(try await fixture.request(account, "the operator's"))
                }
            }
            #expect(try await fixture.accepts("the operator's", account))
        }
    }
}
