import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting
import Testing

@Suite("Opening the store")
struct OpeningTests {
    private func code(_ body: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? StoreError)?.code
        }
    }

    @Test("an empty database is refused and stays empty where nothing may be created", arguments: TestDatabase.Kind.all)
    func empty(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { database in
            let handle = try await database.open()
            let key = try #require(StoreFixture.key)
            let found = await code {
                _ = try await SparekeyStore.open(handle, key: key, mayCreate: false, random: SystemRandomSource())
            }
            #expect(found == .empty)
            #expect(try await SparekeyStore.isMarked(handle) == false)
            await handle.close()
        }
    }

    @Test("another program's database is refused and not changed", arguments: TestDatabase.Kind.all)
    func foreign(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { database in
            let handle = try await database.open()
            _ = try await handle.transaction(.write) { try $0.execute("CREATE TABLE users (id TEXT)") }
            let key = try #require(StoreFixture.key)
            let found = await code {
                _ = try await SparekeyStore.open(handle, key: key, mayCreate: true, random: SystemRandomSource())
            }
            #expect(found == .foreign)
            let tables = try await handle.transaction(.read) { try $0.query("SELECT * FROM users").count }
            #expect(tables == 0)
            await handle.close()
        }
    }

    @Test("another key is refused", arguments: TestDatabase.Kind.all)
    func wrongKey(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let handle = try await fixture.database.open()
            let key = try #require(StoreFixture.otherKey)
            let found = await code {
                _ = try await SparekeyStore.open(handle, key: key, mayCreate: true, random: SystemRandomSource())
            }
            #expect(found == .wrongKey)
            await handle.close()
        }
    }

    @Test("a database of a newer version is refused and its version stays", arguments: TestDatabase.Kind.all)
    func newer(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let handle = try await fixture.database.open()
            _ = try await handle.transaction(.write) {
                try $0.execute("UPDATE sparekey_meta SET value = '999' WHERE name = 'schema'")
            }
            let found = await code {
                _ = try await SparekeyStore.open(
                    handle, key: fixture.key, mayCreate: true, random: SystemRandomSource())
            }
            #expect(found == .newer)
            await handle.close()
        }
    }

    @Test("many that create at once end with one schema", arguments: TestDatabase.Kind.all)
    func race(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { database in
            let key = try #require(StoreFixture.key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let store = try await SparekeyStore.open(
                            try await database.open(), key: key, mayCreate: true, random: SystemRandomSource())
                        #expect(try await store.count(upTo: 1) == 0)
                        await store.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a database that holds only a view is another program's too", arguments: TestDatabase.Kind.all)
    func viewOnly(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { database in
            let handle = try await database.open()
            _ = try await handle.transaction(.write) { try $0.execute("CREATE VIEW people AS SELECT 1 AS id") }
            let key = try #require(StoreFixture.key)
            let found = await code {
                _ = try await SparekeyStore.open(handle, key: key, mayCreate: true, random: SystemRandomSource())
            }
            #expect(found == .foreign)
            await handle.close()
        }
    }
}
