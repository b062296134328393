import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

// One after the other: every new schema on PostgreSQL waits for the same lock.
@Suite("Rotating the instance key", .serialized)
struct KeyRotationTests {
    /// An account with a password and a sync key, one whose hash was written by SQL, a reset that can be undone, a token.
    private func withRotation(
        _ kind: TestDatabase.Kind,
        _ body: (StoreFixture, SparekeyStore, KeyRotationReport, Account) async throws -> Void
    ) async throws {
        try await StoreFixture.with(kind) { fixture in
            let ada = try await fixture.add("ada")
            try await fixture.add("eve")
            _ = try await fixture.pipeline()(try await fixture.request(ada, "a new password"))
            try await fixture.store.database.transaction(.write) { connection in
                try connection.execute("UPDATE account SET password_mark = NULL WHERE username = 'eve'")
                try connection.execute(
                    """
                    INSERT INTO reset_token (id, account_id, lookup, hash, created_at, expires_at)
                    VALUES ('t', \(ada.id), \([UInt8](repeating: 1, count: 16)), 'h', 0, 9000000000000000)
                    """)
            }
            let preview = try await fixture.store.rotationPreview()
            let next = try #require(StoreFixture.otherKey)
            let report = try await fixture.store.rotate(to: next, audit: AuditEpochTests.rotated)
            #expect(report == preview)
            let store = try await SparekeyStore.open(
                try await fixture.database.open(), key: next, mayCreate: false, random: SystemRandomSource())
            try await body(fixture, store, report, ada)
            await store.close()
        }
    }

    @Test("marks, seals and tokens follow; a foreign mark stays foreign", arguments: TestDatabase.Kind.all)
    func follows(_ kind: TestDatabase.Kind) async throws {
        try await withRotation(kind) { fixture, store, report, ada in
            var expected = KeyRotationReport()
            (expected.marks, expected.foreignMarks, expected.seals) = (1, 1, 1)
            (expected.proofs, expected.syncKeys) = (1, 2)
            #expect(report == expected)
            let survey = SurveyPasswords(
                register: StoreHealth(store.driver), key: StoreFixture.otherKey, now: fixture.clock.now)
            let outside = try #require(try await survey().first { $0.name == "changed outside" })
            #expect(outside.detail.contains("eve") && !outside.detail.contains("ada"))
            let accepts = try await fixture.accepts("a new password", ada)
            #expect(accepts)
            let verdict = try await store.verifyAuditTrail()
            #expect(verdict.isValid)
        }
    }

    @Test("a reset from before the rotation can be undone after it", arguments: TestDatabase.Kind.all)
    func undo(_ kind: TestDatabase.Kind) async throws {
        try await withRotation(kind) { fixture, store, _, ada in
            let undo = UndoReset(
                directory: store, ledger: store, journal: store, refresh: NoServerToRefresh(), clock: fixture.clock,
                random: SystemRandomSource())
            _ = try await undo(1, actor: StoreFixture.actor, reason: nil)
            let accepts = try await fixture.accepts("old password", ada)
            #expect(accepts)
            let survey = SurveyPasswords(
                register: StoreHealth(store.driver), key: StoreFixture.otherKey, now: fixture.clock.now)
            let outside = try #require(try await survey().first { $0.name == "changed outside" })
            #expect(!outside.detail.contains("ada"))
        }
    }

    @Test("who still holds the old key writes nothing, a reset under way neither", arguments: TestDatabase.Kind.all)
    func oldKey(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let ada = try await fixture.add("ada")
            let other = try await fixture.another()
            let prepared = try await other.prepare(try await fixture.plan(ada, "a new password"))
            let next = try #require(StoreFixture.otherKey)
            _ = try await fixture.store.rotate(to: next, audit: AuditEpochTests.rotated)
            await #expect(throws: StoreError(.keyRotated, reason: "")) { _ = try await other.commit(prepared) }
            await #expect(throws: StoreError(.keyRotated, reason: "")) { try await fixture.add("grace") }
            await #expect(throws: StoreError(.keyRotated, reason: "")) {
                _ = try await fixture.store.rotate(to: next, audit: AuditEpochTests.rotated)
            }
            await prepared.release()
            await other.close()
            let accepts = try await fixture.accepts("old password", ada)
            #expect(accepts)
        }
    }

    @Test(
        "writers that race a rotation are before it or refused, and the trail holds", arguments: TestDatabase.Kind.all)
    func race(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let next = try #require(StoreFixture.otherKey)
            let other = try await trail.fixture.another()
            let event = AuditEvent(.backedUp, actor: StoreFixture.actor, at: trail.fixture.clock.now, account: nil)
            let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        do {
                            try await (number.isMultiple(of: 2) ? other : trail.store).recordBackup(
                                at: event.at, withKey: false, audit: event)
                            return false
                        } catch let error as StoreError where error.code == .keyRotated {
                            return true
                        }
                    }
                }
                _ = try await trail.store.rotate(to: next, audit: AuditEpochTests.rotated)
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            await other.close()
            let store = try await SparekeyStore.open(
                try await trail.fixture.database.open(), key: next, mayCreate: false, random: SystemRandomSource(),
                heads: trail.keeper)
            let verdict = try await store.verifyAuditTrail()
            // Of the 24 each wrote one row or none; the rotation wrote one; the first 8 were there.
            #expect(verdict.isValid && verdict.rows == Int64(8 + 24 - refused + 1))
            await store.close()
        }
    }
}
