import Foundation
import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

// One after the other: every new schema on PostgreSQL waits for the same lock.
@Suite("The audit trail, held against itself and its head", .serialized)
struct AuditTrailTests {
    struct Tampering: Sendable {
        let name: String
        let statements: [SQLStatement]
        let fault: AuditFault

        init(_ name: String, _ fault: AuditFault, _ statements: SQLStatement...) {
            self.name = name
            self.statements = statements
            self.fault = fault
        }
    }

    static let forged: SQLStatement = "'{\"action\":\"password.reset\"}'"

    /// The trail has the rows 1 to 8.
    static let tamperings = [
        Tampering("a text", .changed(4), "UPDATE audit SET row = replace(row, 'ada', 'eve') WHERE sequence = 4"),
        Tampering("the last text", .changed(8), "UPDATE audit SET row = replace(row, 'ada', 'eve') WHERE sequence = 8"),
        Tampering(
            "a MAC", .changed(4),
            "UPDATE audit SET mac = (SELECT mac FROM audit WHERE sequence = 1) WHERE sequence = 4"),
        Tampering("a row taken out", .removed(4), "DELETE FROM audit WHERE sequence = 4"),
        Tampering("the first row taken out", .removed(1), "DELETE FROM audit WHERE sequence = 1"),
        Tampering(
            "a row taken out, the later ones renumbered", .removed(4), "DELETE FROM audit WHERE sequence = 4",
            "UPDATE audit SET sequence = 99 - sequence WHERE sequence > 4",
            "UPDATE audit SET sequence = 98 - sequence WHERE sequence > 4",
            "UPDATE counter SET value = 7 WHERE name = 'audit'"),
        Tampering(
            "two rows that changed places", .reordered(3), "UPDATE audit SET sequence = 99 WHERE sequence = 3",
            "UPDATE audit SET sequence = 3 WHERE sequence = 6", "UPDATE audit SET sequence = 6 WHERE sequence = 99"),
        Tampering(
            "two neighbours that changed places", .reordered(3), "UPDATE audit SET sequence = 99 WHERE sequence = 3",
            "UPDATE audit SET sequence = 3 WHERE sequence = 4", "UPDATE audit SET sequence = 4 WHERE sequence = 99"),
        Tampering(
            "a row that was moved up", .reordered(3), "UPDATE audit SET sequence = 99 WHERE sequence = 6",
            "UPDATE audit SET sequence = 6 WHERE sequence = 5", "UPDATE audit SET sequence = 5 WHERE sequence = 4",
            "UPDATE audit SET sequence = 4 WHERE sequence = 3", "UPDATE audit SET sequence = 3 WHERE sequence = 99"),
        Tampering(
            "a row put in", .inserted(4), "UPDATE audit SET sequence = 99 - sequence WHERE sequence >= 4",
            "UPDATE audit SET sequence = 100 - sequence WHERE sequence > 4",
            "INSERT INTO audit SELECT 4, \(part: forged), mac FROM audit WHERE sequence = 1",
            "UPDATE counter SET value = 9 WHERE name = 'audit'"),
        Tampering(
            "a row put at the end", .inserted(9),
            "INSERT INTO audit SELECT 9, \(part: forged), mac FROM audit WHERE sequence = 1"),
        Tampering(
            "a row put before the first", .inserted(0),
            "INSERT INTO audit SELECT 0, \(part: forged), mac FROM audit WHERE sequence = 1"),
        Tampering("the last rows cut", .cut(from: 7), "DELETE FROM audit WHERE sequence > 6"),
        Tampering(
            "the last rows and the counter cut", .putBack(before: 7), "DELETE FROM audit WHERE sequence > 6",
            "UPDATE counter SET value = 6 WHERE name = 'audit'"),
        Tampering("the table emptied", .emptied, "DELETE FROM audit"),
        Tampering(
            "the table emptied and the counter set back", .emptied, "DELETE FROM audit",
            "UPDATE counter SET value = 0 WHERE name = 'audit'"),
        Tampering("the counter set back", .counterSetBack, "UPDATE counter SET value = 7 WHERE name = 'audit'"),
    ]

    @Test("a trail that nobody touched is valid, and its head is kept", arguments: TestDatabase.Kind.all)
    func valid(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let verdict = try await trail.store.verifyAuditTrail()
            let head = try #require(verdict.head)
            #expect(verdict.isValid && verdict.rows == 8 && verdict.kept == head)
            #expect(try await trail.fault(expect: head) == nil)
        }
    }

    @Test("each way to tamper is found and named", arguments: TestDatabase.Kind.all)
    func tampered(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            try await trail.tamper(["CREATE TABLE copy AS SELECT * FROM audit"])
            for tampering in Self.tamperings {
                try await trail.tamper(tampering.statements)
                #expect(try await trail.fault() == tampering.fault, "\(tampering.name)")
                try await trail.tamper([
                    "DELETE FROM audit", "INSERT INTO audit SELECT * FROM copy",
                    "UPDATE counter SET value = 8 WHERE name = 'audit'",
                ])
                #expect(try await trail.fault() == nil)
            }
        }
    }

    @Test("what only SQLite takes into the columns is found too")
    func loose() async throws {
        for (statement, fault) in [
            ("INSERT INTO audit SELECT NULL, row, mac FROM audit WHERE sequence = 1", AuditFault.inserted(9)),
            ("INSERT INTO audit SELECT 'nine', row, mac FROM audit WHERE sequence = 1", .inserted(9)),
            ("UPDATE audit SET mac = 'text' WHERE sequence = 5", .changed(5)),
            ("UPDATE audit SET row = x'00' WHERE sequence = 5", .changed(5)),
        ] as [(SQLStatement, AuditFault)] {
            try await AuditFixture.with(.sqlite) { trail in
                try await trail.tamper([statement])
                #expect(try await trail.fault() == fault)
            }
        }
    }

    @Test("another database with the same key is not this one, shorter or longer", arguments: TestDatabase.Kind.all)
    func swapped(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            try await StoreFixture.with(kind) { other in
                let account = try await other.add("ada")
                for round in 1...10 {
                    let verify = VerifyAuditTrail(
                        trail: other.store, key: other.key, keeper: trail.keeper)
                    #expect(try await verify().fault == .swapped)
                    let event = AuditEvent(
                        .accountDisabled, actor: StoreFixture.actor, at: other.clock.now, account: account)
                    _ = try await other.store.setActive(round.isMultiple(of: 2), account: account, audit: event)
                }
            }
        }
    }

    @Test("an old copy of the file that was put back is seen, and still after it was used")
    func oldCopy() async throws {
        try await TestDatabase.with(.sqlite) { database in
            let keeper = MemoryHead()
            let copy = database.folder.appending(path: "copy").path
            try await Self.session(database, keeper) { try await $0.add("ada") }
            try FileManager.default.copyItem(atPath: database.path, toPath: copy)
            try await Self.session(database, keeper) { try await $0.add("grace") }
            let kept = keeper.kept()
            try FileManager.default.removeItem(atPath: database.path)
            try FileManager.default.copyItem(atPath: copy, toPath: database.path)
            try await Self.session(database, keeper) { fixture in
                #expect(try await fixture.store.verifyAuditTrail().fault == .putBack(before: 2))
                try await fixture.add("eve")
                try await fixture.add("mallory")
                #expect(try await fixture.store.verifyAuditTrail().fault == .putBack(before: 2))
            }
            #expect(keeper.kept() == kept)
        }
    }

    private static func session(
        _ database: TestDatabase, _ keeper: MemoryHead, _ body: (StoreFixture) async throws -> Void
    ) async throws {
        let key = try #require(StoreFixture.key)
        let store = try await SparekeyStore.open(
            try await database.open(), key: key, mayCreate: true, random: SystemRandomSource(), heads: keeper)
        try await body(StoreFixture(database: database, key: key, store: store, clock: FixedClock()))
        await store.close()
    }
}
