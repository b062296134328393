import Foundation
import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

@Suite("A database that comes out of a backup")
struct RestoredStoreTests {
    @Test("nothing in it stands for a password but the password, and the epoch cites what it is told")
    func voided() async throws {
        try await AuditFixture.with(.sqlite) { trail in
            _ = try await trail.fixture.pipeline()(try await trail.fixture.request(trail.account, "a new password"))
            let prepared = try await trail.fixture.store.prepare(
                try await trail.fixture.plan(trail.account, "a third password"))
            _ = try await trail.fixture.store.database.transaction(.write) { connection in
                try connection.execute(
                    """
                    INSERT INTO session (id, account_id, secret_hash, created_at, last_used_at)
                    VALUES ('s', \(trail.account.id), \([UInt8](repeating: 1, count: 16)), 0, 0)
                    """)
            }
            let ended = AuditHead(sequence: 70, mac: [UInt8](repeating: 7, count: 32))
            let voided = try await trail.store.becomeRestored(
                AuditEvent(
                    .restored, actor: StoreFixture.actor, at: trail.fixture.clock.now, account: nil, cites: [ended]))
            await prepared.release()
            #expect(voided == VoidedByRestore(sessions: 1, proofs: 0, undo: 2))
            let left = try await trail.store.database.transaction(.read) { connection in
                try connection.query(
                    """
                    SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM reset_token)
                      + (SELECT count(*) FROM reset WHERE sealed_old IS NOT NULL OR state = 'prepared') AS rows
                    """
                ).first?.integer("rows")
            }
            #expect(left == 0)
            let verdict = try await trail.store.verifyAuditTrail(expect: ended)
            #expect(verdict.fault == nil)
        }
    }

    @Test("a kept head that an epoch cites gives way to the restored trail; any other stays as evidence")
    func heads() async throws {
        for isCited in [true, false] {
            try await AuditFixture.with(.sqlite) { trail in
                let ended = AuditHead(sequence: 70, mac: [UInt8](repeating: 7, count: 32))
                let kept = KeptAuditHead(head: ended, origin: [UInt8](repeating: 9, count: 32))
                let keeper = MemoryHead()
                let epochs = AuditEpochs(AuditChain(trail.fixture.key))
                _ = try await keeper.replace(nil, with: kept, epochs, isRestored: false)
                _ = try await trail.store.becomeRestored(
                    AuditEvent(
                        .restored, actor: StoreFixture.actor, at: trail.fixture.clock.now, account: nil,
                        cites: isCited ? [ended] : []))
                let store = try await SparekeyStore.open(
                    try await trail.fixture.database.open(), key: trail.fixture.key, mayCreate: false,
                    random: SystemRandomSource(), heads: keeper)
                let before = try await store.verifyAuditTrail().fault
                #expect(before == (isCited ? nil : .swapped))
                try await trail.act(store)
                let after = try await store.verifyAuditTrail()
                #expect(after.isValid == isCited)
                #expect((keeper.kept() == kept) == !isCited)
                await store.close()
            }
        }
    }

    @Test("a database that somebody has open is not replaced; one that nobody has is, and nobody gets in meanwhile")
    func exclusive() async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            try await fixture.add("ada")
            let copy = fixture.database.folder.appending(path: "copy.db").path
            try #require(FileManager.default.createFile(atPath: copy, contents: nil))
            try await fixture.store.copy(to: copy, sealedKey: nil) { _, _ in }
            try await fixture.add("grace")
            var options = SQLiteOptions.ownDirectory(.mustExist)
            (options.isExclusive, options.busyTimeout) = (true, .milliseconds(10))
            let held = options
            await #expect(throws: SQLError(.busy, reason: "")) {
                _ = try await SQLiteDatabase(path: fixture.database.path, options: held)
            }
            await fixture.store.close()
            let alone = try await SQLiteDatabase(path: fixture.database.path, options: held)
            await #expect(throws: SQLError(.busy, reason: "")) {
                _ = try await fixture.database.open(timeout: .milliseconds(10))
            }
            try await alone.replaceContents(withDatabaseAt: copy)
            await alone.close()
            let store = try await fixture.another()
            let names = try await store.list(search: nil, after: nil, limit: 10).accounts.map(\.username)
            #expect(names == ["ada"])
            await store.close()
        }
    }
}
