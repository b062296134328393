import Foundation
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("A database at rest")
struct SQLiteAtRestTests {
    @Test("is read as immutable, whatever its name, and nothing is made beside it")
    func immutable() async throws {
        try await Self.withFolder { folder in
            let path = folder.appending(path: "100% odd?name#1&immutable=0.db").path
            try await Self.make(path)
            let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(SQLiteDatabase.isAtRest(path: path))
            let database = try await SQLiteDatabase(path: path, options: .ownDirectory(.immutable))
            let rows = try await database.transaction(.read) { try $0.query("SELECT a FROM t") }
            #expect(try rows.map { try $0.integer("a") } == [1])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == before)
            await #expect(throws: SQLError(.readOnly, reason: "")) {
                try await database.transaction(.write) { try $0.execute("DELETE FROM t") }
            }
            await database.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == before)
        }
    }

    @Test("is not what somebody has open")
    func open() async throws {
        try await Self.withFolder { folder in
            let path = folder.appending(path: "test.db").path
            try await Self.make(path)
            let database = try await SQLiteDatabase(path: path, options: .ownDirectory(.mustExist))
            _ = try await database.transaction(.read) { try $0.query("SELECT a FROM t") }
            #expect(!SQLiteDatabase.isAtRest(path: path))
            await database.close()
            #expect(SQLiteDatabase.isAtRest(path: path))
        }
    }

    @Test("a copy holds what was committed, write-ahead log included")
    func copy() async throws {
        try await Self.withFolder { folder in
            let path = folder.appending(path: "test.db").path
            let target = folder.appending(path: "copy.db").path
            try await Self.make(path)
            let database = try await SQLiteDatabase(path: path, options: .ownDirectory(.mustExist))
            _ = try await database.transaction(.write) { try $0.execute("INSERT INTO t VALUES (2)") }
            try #require(FileManager.default.createFile(atPath: target, contents: nil))
            try await database.copy(to: target) { _, _ in }
            await database.close()
            let copy = try await SQLiteDatabase(path: target, options: SQLiteOptions())
            let rows = try await copy.transaction(.read) { try $0.query("SELECT a FROM t ORDER BY a") }
            await copy.close()
            #expect(try rows.map { try $0.integer("a") } == [1, 2])
        }
    }

    private static func make(_ path: String) async throws {
        let database = try await SQLiteDatabase(path: path, options: .ownDirectory(.mayCreate))
        _ = try await database.transaction(.write) { connection in
            try connection.execute("CREATE TABLE t (a)")
            try connection.execute("INSERT INTO t VALUES (1)")
        }
        await database.close()
    }

    private static func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }
}
