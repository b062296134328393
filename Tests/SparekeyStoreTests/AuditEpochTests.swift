import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

// One after the other: every new schema on PostgreSQL waits for the same lock.
@Suite("The audit trail across epochs and prunings", .serialized)
struct AuditEpochTests {
    static let rotated = AuditEvent(.keyRotated, actor: StoreFixture.actor, at: FixedClock().now, account: nil)

    /// Rows 1 to 8, a rotation in row 9, two more rows under the new key.
    private func withEpochs(
        _ kind: TestDatabase.Kind, _ body: (AuditFixture, SparekeyStore) async throws -> Void
    ) async throws {
        try await AuditFixture.with(kind) { trail in
            let next = try #require(StoreFixture.otherKey)
            _ = try await trail.store.rotate(to: next, audit: Self.rotated)
            let store = try await SparekeyStore.open(
                try await trail.fixture.database.open(), key: next, mayCreate: false, random: SystemRandomSource(),
                heads: trail.keeper)
            try await trail.act(store)
            try await trail.act(store)
            try await body(trail, store)
            await store.close()
        }
    }

    @Test("rows of an earlier key stay verifiable, and its head is on the trail", arguments: TestDatabase.Kind.all)
    func valid(_ kind: TestDatabase.Kind) async throws {
        try await withEpochs(kind) { trail, store in
            let verdict = try await store.verifyAuditTrail()
            #expect(verdict.fault == nil && verdict.rows == 11)
            #expect(verdict.kept == verdict.head)
            let ninth = try await store.rows(after: 8, limit: 1).rows.first
            let cited = try AuditRecord(try #require(ninth)).cites
            #expect(cited.map(\.sequence) == [8])
            let again = try await store.verifyAuditTrail(expect: cited.first)
            #expect(again.isValid)
        }
    }

    static let tamperings = [
        AuditTrailTests.Tampering(
            "a text of the earlier epoch", .changed(4),
            "UPDATE audit SET row = replace(row, 'ada', 'eve') WHERE sequence = 4"),
        AuditTrailTests.Tampering("the last row of it taken out", .removed(8), "DELETE FROM audit WHERE sequence = 8"),
        AuditTrailTests.Tampering(
            "the row that begins an epoch taken out", .removed(9), "DELETE FROM audit WHERE sequence = 9"),
        AuditTrailTests.Tampering(
            "the row that begins an epoch changed", .changed(9),
            "UPDATE audit SET row = replace(row, 'op', 'eve') WHERE sequence = 9"),
        AuditTrailTests.Tampering(
            "neighbours across the border exchanged", .reordered(8),
            "UPDATE audit SET sequence = 99 WHERE sequence = 8", "UPDATE audit SET sequence = 8 WHERE sequence = 9",
            "UPDATE audit SET sequence = 9 WHERE sequence = 99"),
        AuditTrailTests.Tampering(
            "cut back to the earlier epoch", .cut(from: 9), "DELETE FROM audit WHERE sequence > 8"),
        AuditTrailTests.Tampering("the epoch's record taken out", .epochLost(9), "DELETE FROM audit_epoch"),
        AuditTrailTests.Tampering(
            "the epoch's record changed", .epochForged(9),
            "UPDATE audit_epoch SET sealed_key = sealed_key || sealed_key"),
        AuditTrailTests.Tampering(
            "the epoch's record moved", .epochForged(5), "UPDATE audit_epoch SET first = 5"),
        AuditTrailTests.Tampering(
            "another epoch put in", .epochForged(11), "INSERT INTO audit_epoch SELECT 11, sealed_key FROM audit_epoch"),
        AuditTrailTests.Tampering(
            "a forged anchor", .anchorForged, "INSERT INTO sparekey_meta (name, value) VALUES ('audit_anchor', 'x')"),
        AuditTrailTests.Tampering("the table emptied", .emptied, "DELETE FROM audit"),
    ]

    @Test("each way to tamper is found across the border", arguments: TestDatabase.Kind.all)
    func tampered(_ kind: TestDatabase.Kind) async throws {
        try await withEpochs(kind) { trail, store in
            try await trail.tamper([
                "CREATE TABLE copy AS SELECT * FROM audit", "CREATE TABLE epochs AS SELECT * FROM audit_epoch",
            ])
            for tampering in Self.tamperings {
                try await trail.tamper(tampering.statements)
                let fault = try await store.verifyAuditTrail().fault
                #expect(fault == tampering.fault, "\(tampering.name)")
                try await trail.tamper([
                    "DELETE FROM audit", "INSERT INTO audit SELECT * FROM copy", "DELETE FROM audit_epoch",
                    "INSERT INTO audit_epoch SELECT * FROM epochs",
                    "DELETE FROM sparekey_meta WHERE name = 'audit_anchor'",
                ])
                let mended = try await store.verifyAuditTrail().fault
                #expect(mended == nil)
            }
        }
    }

    @Test("whoever knows the earlier key writes no row and no epoch", arguments: TestDatabase.Kind.all)
    func stolenKey(_ kind: TestDatabase.Kind) async throws {
        try await withEpochs(kind) { trail, store in
            // The store of the earlier key, whose check value the thief has put back for it.
            let event = AuditEvent(
                .keyRotated, actor: StoreFixture.actor, at: trail.fixture.clock.now, account: nil)
            let thief = trail.store
            try await thief.driver.transaction(.write) { try thief.beginEpoch(event, under: thief.key, $0) }
            let fault = try await store.verifyAuditTrail().fault
            #expect(fault == .epochForged(12))
        }
    }

    @Test("pruned rows leave an anchor, and the rest holds", arguments: TestDatabase.Kind.all)
    func pruned(_ kind: TestDatabase.Kind) async throws {
        try await withEpochs(kind) { trail, store in
            let first = try #require(try await store.rows(after: nil, limit: 1).rows.first)
            let ninth = try #require(try await store.rows(after: 9, limit: 1).rows.first)
            let prune = PruneAuditTrail(
                trail: store, pruner: store, verify: store.verifyAuditTrail, clock: trail.fixture.clock)
            let none = try await prune.plan(before: try #require(try AuditRecord(first).at))
            #expect(none == nil)
            let limit = try #require(try AuditRecord(ninth).at)
            let pruning = try #require(try await prune.plan(before: limit))
            #expect(pruning.rows == 9 && pruning.kept == 2)
            try await prune(pruning, actor: StoreFixture.actor, reason: nil)
            let verdict = try await store.verifyAuditTrail()
            #expect(verdict.fault == nil && verdict.rows == 3 && verdict.pruned?.rows == 9)
            #expect(verdict.kept == verdict.head && verdict.head?.sequence == 12)
            let old = AuditHead(sequence: 3, mac: [UInt8](repeating: 1, count: 32))
            let unknown = try await store.verifyAuditTrail(expect: old).fault
            #expect(unknown == .expectedPruned(old))
            try await expectFaults(trail, store)
            // And once more, so that an anchor follows an anchor.
            try await trail.act(store)
            let again = try #require(try await prune.plan(before: trail.fixture.clock.now))
            try await prune(again, actor: StoreFixture.actor, reason: nil)
            let last = try await store.verifyAuditTrail()
            #expect(last.fault == nil && last.pruned?.rows == 12)
        }
    }

    private func expectFaults(_ trail: AuditFixture, _ store: SparekeyStore) async throws {
        try await trail.tamper([
            "CREATE TABLE copy AS SELECT * FROM audit", "CREATE TABLE metas AS SELECT * FROM sparekey_meta",
        ])
        for (statement, expected) in [
            ("DELETE FROM sparekey_meta WHERE name = 'audit_anchor'", AuditFault.removed(1)),
            (
                "UPDATE sparekey_meta SET value = replace(value, ' 9:', ' 8:') WHERE name = 'audit_anchor'",
                .anchorForged
            ),
            ("DELETE FROM audit WHERE sequence = 10", .removed(10)),
            ("UPDATE audit SET sequence = 3 WHERE sequence = 10", .inserted(3)),
        ] as [(SQLStatement, AuditFault)] {
            try await trail.tamper([statement])
            let fault = try await store.verifyAuditTrail().fault
            #expect(fault == expected)
            try await trail.tamper([
                "DELETE FROM audit", "INSERT INTO audit SELECT * FROM copy", "DELETE FROM sparekey_meta",
                "INSERT INTO sparekey_meta SELECT * FROM metas",
            ])
        }
    }

    @Test("nothing is removed from a trail that does not hold", arguments: TestDatabase.Kind.all)
    func evidence(_ kind: TestDatabase.Kind) async throws {
        try await withEpochs(kind) { trail, store in
            try await trail.tamper(["UPDATE audit SET row = replace(row, 'ada', 'eve') WHERE sequence = 4"])
            let prune = PruneAuditTrail(
                trail: store, pruner: store, verify: store.verifyAuditTrail, clock: trail.fixture.clock)
            await #expect(throws: RecoveryError(.auditInvalid, reason: "")) {
                _ = try await prune.plan(before: trail.fixture.clock.now)
            }
        }
    }
}
