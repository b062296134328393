import Foundation
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("Opening an SQLite file")
struct SQLiteOpeningTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func pragma(_ name: SQLStatement, _ database: SQLiteDatabase) async throws -> SQLValue? {
        // Some pragmas may write, SQLite says, even where they are only asked.
        try await database.transaction(.write) { try $0.query("PRAGMA " + name) }.first?.values.first
    }

    @Test("a database and its companions belong to their owner alone")
    func modes() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE a (id INTEGER)")
            for suffix in ["", "-wal", "-shm"] { #expect(try mode(test.path + suffix) == 0o600) }
            await database.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: test.folder.path) == ["test.db"])
        }
    }

    @Test("a missing file is not created when it must exist")
    func mustExist() async throws {
        try await TestDatabase.with(.sqlite) { test in
            for mode in [SQLiteOptions.Mode.mustExist, .readOnly] {
                let error = await sqlError {
                    _ = try await SQLiteDatabase(path: test.path, options: SQLiteOptions(mode: mode))
                }
                #expect(error?.code == .unavailable)
                #expect(error?.reason.contains(test.path) == true)
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: test.folder.path)
            #expect(left.isEmpty)
        }
    }

    @Test("something else is not a database")
    func notADatabase() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let bytes = Data(repeating: 7, count: 5000)
            _ = FileManager.default.createFile(atPath: test.path, contents: bytes)
            let error = await sqlError { _ = try await test.open() }
            #expect(error?.code == .notADatabase)
            #expect(FileManager.default.contents(atPath: test.path) == bytes)
        }
    }

    @Test("a file opened for reading only cannot be written")
    func readOnly() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE a (id INTEGER)")
            await database.close()
            let reader = try await SQLiteDatabase(path: test.path, options: SQLiteOptions(mode: .readOnly))
            #expect(try await reader.integer("SELECT count(*) FROM a") == 0)
            let error = await sqlError { try await reader.write("INSERT INTO a (id) VALUES (1)") }
            #expect(error?.code == .readOnly)
            await reader.close()
        }
    }

    @Test("a full database says so and works on")
    func full() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await database.write("CREATE TABLE a (b BLOB)")
            try await database.transaction(.write) { _ = try $0.query("PRAGMA max_page_count = 10") }
            let error = await sqlError {
                try await database.write("INSERT INTO a (b) VALUES (\([UInt8](repeating: 1, count: 100_000)))")
            }
            #expect(error?.code == .full)
            #expect(try await database.write("INSERT INTO a (b) VALUES (\([1] as [UInt8]))") == 1)
            await database.close()
        }
    }

    @Test("somebody else's journal mode stays as it is")
    func journalMode() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await SQLiteDatabase(path: test.path, options: SQLiteOptions(mode: .mayCreate))
            try await database.write("CREATE TABLE a (id INTEGER)")
            #expect(try await pragma("journal_mode", database) == .text("delete"))
            await database.close()
            let own = try await SQLiteDatabase(path: test.path, options: .ownDirectory(.mustExist))
            #expect(try await pragma("journal_mode", own) == .text("wal"))
            await own.close()
            let guest = try await SQLiteDatabase(path: test.path, options: SQLiteOptions())
            #expect(try await pragma("journal_mode", guest) == .text("wal"))
            await guest.close()
        }
    }

    @Test("the connection is set up to be safe")
    func settings() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await SQLiteDatabase(path: test.path, options: .ownDirectory(.mayCreate))
            #expect(try await pragma("synchronous", database) == .integer(2))
            #expect(try await pragma("foreign_keys", database) == .integer(1))
            #expect(try await pragma("secure_delete", database) == .integer(1))
            #expect(try await pragma("trusted_schema", database) == .integer(0))
            #expect(try await pragma("cell_size_check", database) == .integer(1))
            #expect(try await pragma("temp_store", database) == .integer(2))
            #expect(try await pragma("busy_timeout", database) == .integer(5000))
            await database.close()
        }
    }

    @Test("the schema cannot be rewritten by hand (SQLITE_DBCONFIG_DEFENSIVE)")
    func defensive() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await SQLiteDatabase(path: test.path, options: .ownDirectory(.mayCreate))
            try await database.write("CREATE TABLE a (id INTEGER)")
            let error = await sqlError {
                try await database.transaction(.write) { connection in
                    try connection.execute("PRAGMA writable_schema = ON")
                    try connection.execute("UPDATE sqlite_schema SET sql = 'CREATE TABLE a (x)' WHERE name = 'a'")
                }
            }
            #expect(error?.code == .other)
            await database.close()
        }
    }

    @Test("a link is followed, and the lock is the same for both names")
    func symbolicLink() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            let link = test.folder.appending(path: "link.db").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: test.path)
            let linked = try await SQLiteDatabase(path: link, options: SQLiteOptions())
            let held = try #require(try await database.lock(3))
            #expect(try await linked.lock(3) == nil)
            await held.release()
            for handle in [database as any SQLDatabase, linked] { await handle.close() }
        }
    }
}
