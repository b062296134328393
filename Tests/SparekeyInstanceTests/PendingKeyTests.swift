import Foundation
import Sparekey
import SparekeySQL
import SparekeyStore
import Testing

@testable import SparekeyInstance

@Suite("A key that waits beside the key file")
struct PendingKeyTests {
    let old: InstanceKey
    let new: InstanceKey

    init() throws {
        old = try #require(InstanceKey([UInt8](repeating: 1, count: 32)))
        new = try #require(InstanceKey([UInt8](repeating: 2, count: 32)))
    }

    /// A folder with the old key in its file, and a database that belongs to `key`.
    private func with(
        databaseOf key: InstanceKey, _ body: (PendingKey, SQLiteDatabase) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)").path
        try DataFolder(path: folder).create()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = KeyFile(path: folder + "/instance.key")
        try file.create(old)
        let database = try await SQLiteDatabase(path: folder + "/test.db", options: .ownDirectory(.mayCreate))
        _ = try await SparekeyStore.open(database, key: key, mayCreate: true, random: SystemRandomSource())
        try await body(PendingKey(file: file), database)
        await database.close()
    }

    private func check(_ file: KeyFile) throws -> String? { try file.load()?.checkValue }

    @Test("it becomes the key file where the database belongs to it")
    func adopted() async throws {
        try await with(databaseOf: new) { pending, database in
            try pending.write(new)
            let settled = try await pending.settle(database)
            #expect(settled?.checkValue == new.checkValue)
            #expect(try check(pending.file) == new.checkValue)
            #expect(!pending.isWaiting)
        }
    }

    @Test("it is dropped where the database belongs to another")
    func dropped() async throws {
        try await with(databaseOf: old) { pending, database in
            try pending.write(new)
            let settled = try await pending.settle(database)
            #expect(settled == nil)
            #expect(try check(pending.file) == old.checkValue)
            #expect(!pending.isWaiting)
        }
    }

    @Test("while somebody holds the lock nothing is moved, and the right key counts all the same")
    func underWay() async throws {
        for (key, counts) in [(old, nil), (new, new.checkValue)] as [(InstanceKey, String?)] {
            try await with(databaseOf: key) { pending, database in
                let lock = try pending.lock()
                try pending.write(new)
                let settled = try await pending.settle(database)
                #expect(settled?.checkValue == counts)
                #expect(pending.isWaiting)
                #expect(try check(pending.file) == old.checkValue)
                lock.release()
            }
        }
    }

    @Test("what no process finished is no key")
    func unfinished() async throws {
        try await with(databaseOf: old) { pending, database in
            #expect(FileManager.default.createFile(atPath: pending.path, contents: Data("12".utf8)))
            #expect(chmod(pending.path, 0o600) == 0)
            let settled = try await pending.settle(database)
            #expect(settled == nil && !pending.isWaiting)
        }
    }
}
