import Foundation
import PasswordHashing
import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

@Suite("Backup")
struct BackupTests {
    @Test("a copy made while eight write is whole, and the state of one moment")
    func whileOthersWrite() async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            let account = try await fixture.add("ada")
            try await Self.fill(fixture.store)
            let writers = (0..<8).map { _ in
                Task {
                    let store = try await fixture.another()
                    while !Task.isCancelled { try await Self.writePair(store, account) }
                    await store.close()
                }
            }
            var pairs: Set<String?> = []
            for number in 0..<5 {
                let path = try Self.emptyFile(fixture, "copy\(number)")
                try await fixture.store.copy(to: path, sealedKey: nil) { _, _ in }
                pairs.insert(try await Self.expectPair(in: path))
            }
            // They did write meanwhile.
            #expect(pairs.count > 2)
            for writer in writers { writer.cancel() }
            for writer in writers { _ = await writer.result }
        }
    }

    @Test("the sealed key is in the copy alone, and opens with its passphrase alone")
    func sealedKey() async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            let passphrase = Password(utf8: "meadow-Copper-74-signal")
            let sealed = try SealedInstanceKey(fixture.key, passphrase: passphrase, random: SystemRandomSource())
            let path = try Self.emptyFile(fixture, "copy")
            try await fixture.store.copy(to: path, sealedKey: try sealed.text) { _, _ in }
            #expect(try await fixture.store.sealedKey() == nil)

            let database = try await SQLiteDatabase(path: path, options: .ownDirectory(.mustExist))
            let copy = try await SparekeyStore.open(
                database, key: fixture.key, mayCreate: false, random: SystemRandomSource())
            let found = try #require(try await copy.sealedKey())
            await copy.close()
            #expect(try found.open(passphrase: passphrase).checkValue == fixture.key.checkValue)
            #expect(throws: RecoveryError(.unsealable, reason: "")) {
                try found.open(passphrase: Password(utf8: "meadow-Copper-74-signol"))
            }
        }
    }

    @Test("doctor is told of a backup, and whether it holds the key", arguments: TestDatabase.Kind.all)
    func record(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let health = StoreHealth(fixture.store.database)
            #expect(try await health.backups() == BackupRecord(latest: nil, latestWithKey: nil))
            let first = fixture.clock.now
            let audit = AuditEvent(.backedUp, actor: StoreFixture.actor, at: first, account: nil)
            try await fixture.store.recordBackup(at: first, withKey: true, audit: audit)
            let second = first + .seconds(60)
            try await fixture.store.recordBackup(at: second, withKey: false, audit: audit)
            #expect(try await health.backups() == BackupRecord(latest: second, latestWithKey: first))
            #expect(try await CheckBackup(register: health)().level == .ok)
        }
    }

    /// Enough pages for a copy of several steps.
    private static func fill(_ store: SparekeyStore) async throws {
        try await store.database.transaction(.write) { connection in
            let filling = String(repeating: "x", count: 100_000)
            for number in 0..<120 { try StoreSchema.setMeta("filling\(number)", filling, connection) }
        }
    }

    /// Two rows at both ends of the file that say the same after every commit.
    private static func writePair(_ store: SparekeyStore, _ account: Account) async throws {
        let text = UUID().uuidString
        try await store.database.transaction(.write) { connection in
            try connection.execute("UPDATE account SET display_name = \(text) WHERE id = \(account.id)")
            try StoreSchema.setMeta("pair", text, connection)
        }
    }

    private static func expectPair(in path: String) async throws -> String? {
        let copy = try await SQLiteDatabase(path: path, options: SQLiteOptions(mode: .mustExist))
        let (name, pair, check) = try await copy.transaction(.read) { connection in
            let name = try connection.query("SELECT display_name FROM account").first?.text("display_name")
            let check = try connection.query("PRAGMA integrity_check").first?.text("integrity_check")
            return (name, try StoreSchema.meta("pair", connection), check)
        }
        await copy.close()
        #expect(check == "ok")
        #expect(pair == nil || name == pair)
        return pair
    }

    private static func emptyFile(_ fixture: StoreFixture, _ name: String) throws -> String {
        let path = fixture.database.folder.appending(path: name).path
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
        return path
    }
}
