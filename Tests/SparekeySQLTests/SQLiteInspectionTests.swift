import Foundation
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("Looking at an SQLite file changes nothing")
struct SQLiteInspectionTests {
    private static let mark: UInt32 = 0x5350_4B59

    /// Name, content and modification time of everything in a folder.
    private func everything(in folder: URL) throws -> [String: [AnyHashable]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                let path = folder.appending(path: name).path
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                let date = attributes[.modificationDate] as? Date
                return (name, [FileManager.default.contents(atPath: path), date])
            })
    }

    /// Inspects `name` in the test's folder and checks that nothing there has changed.
    private func inspect(_ name: String, in test: TestDatabase) throws -> SQLiteFileKind {
        let before = try everything(in: test.folder)
        let kind = try SQLiteDatabase.inspect(path: test.folder.appending(path: name).path)
        #expect(try everything(in: test.folder) == before)
        return kind
    }

    private func copy(_ test: TestDatabase, to name: String, _ suffixes: [String]) throws {
        for suffix in suffixes {
            let target = test.folder.appending(path: name + suffix).path
            try FileManager.default.copyItem(atPath: test.path + suffix, toPath: target)
        }
    }

    private func write(_ bytes: [UInt8], to name: String, in test: TestDatabase) {
        _ = FileManager.default.createFile(atPath: test.folder.appending(path: name).path, contents: Data(bytes))
    }

    @Test("a missing file, an empty one and something else are told apart")
    func simpleKinds() async throws {
        try await TestDatabase.with(.sqlite) { test in
            write([], to: "empty", in: test)
            write(Array("just a text".utf8), to: "short", in: test)
            write(Array(repeating: 7, count: 5000), to: "long", in: test)
            let kinds = try ["nothing", "empty", "short", "long"].map { try inspect($0, in: test) }
            #expect(kinds == [.missing, .empty, .notADatabase, .notADatabase])
        }
    }

    @Test("a folder and a link to nowhere are refused with the reason")
    func unreadable() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let link = test.folder.appending(path: "link").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/nowhere/at/all")
            let folder = await sqlError { _ = try SQLiteDatabase.inspect(path: test.folder.path) }
            #expect(folder?.code == .unavailable)
            #expect(folder?.reason.contains("is a folder") == true)
            let nowhere = await sqlError { _ = try SQLiteDatabase.inspect(path: link) }
            #expect(nowhere?.reason.contains("symbolic link") == true)
        }
    }

    @Test("a database without tables and mark is told from one with a table")
    func tables() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let options = SQLiteOptions(mode: .mayCreate)
            let database = try await SQLiteDatabase(path: test.path, options: options)
            try await database.write("PRAGMA user_version = 1")
            await database.close()
            #expect(try inspect("test.db", in: test) == .database(applicationID: 0, hasTables: false))
            let again = try await SQLiteDatabase(path: test.path, options: options)
            try await again.write("CREATE TABLE a (id INTEGER)")
            await again.close()
            #expect(try inspect("test.db", in: test) == .database(applicationID: 0, hasTables: true))
        }
    }

    @Test("a mark and tables that only the write-ahead log holds are seen, as after a kill")
    func writeAheadLog() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await database.transaction(.write) { connection in
                try connection.execute("PRAGMA application_id = 1397771097")
                try connection.execute("CREATE TABLE a (id INTEGER)")
            }
            try copy(test, to: "copy.db", ["", "-wal"])
            try copy(test, to: "bare.db", [""])
            await database.close()
            #expect(try inspect("copy.db", in: test) == .database(applicationID: Self.mark, hasTables: true))
            #expect(try inspect("bare.db", in: test) == .database(applicationID: 0, hasTables: false))
        }
    }

    @Test("what the write-ahead log holds after its last commit does not count")
    func tornLog() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await database.write("PRAGMA user_version = 1")
            let log = test.folder.appending(path: "test.db-wal").path
            let before = try #require(FileManager.default.contents(atPath: log)).count
            try await database.write("CREATE TABLE a (id INTEGER)")
            try copy(test, to: "copy.db", ["", "-wal"])
            await database.close()
            let copiedLog = test.folder.appending(path: "copy.db-wal").path
            let whole = try #require(FileManager.default.contents(atPath: copiedLog))
            #expect(try inspect("copy.db", in: test) == .database(applicationID: 0, hasTables: true))
            write(Array(whole.dropLast(100)), to: "copy.db-wal", in: test)
            #expect(try inspect("copy.db", in: test) == .database(applicationID: 0, hasTables: false))
            var flipped = Array(whole)
            flipped[before + 24 + 2000] ^= 1
            write(flipped, to: "copy.db-wal", in: test)
            #expect(try inspect("copy.db", in: test) == .database(applicationID: 0, hasTables: false))
        }
    }

    /// Runs `statement`, and leaves `copy.db` as a power cut between writing the pages and deleting the journal would.
    private func cutOff(_ statement: SQLStatement, in test: TestDatabase) async throws -> String {
        let database = try await SQLiteDatabase(path: test.path, options: SQLiteOptions(mode: .mayCreate))
        try await database.transaction(.write) { connection in
            try connection.execute(statement)
            try copy(test, to: "copy.db", ["-journal"])
        }
        await database.close()
        try copy(test, to: "copy.db", [""])
        // SQLite writes the magic and the record count when it syncs the journal, which a copy from inside comes before.
        let copied = test.folder.appending(path: "copy.db-journal").path
        let journal = try #require(FileManager.default.contents(atPath: copied))
        let begin: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7, 0xFF, 0xFF, 0xFF, 0xFF]
        write(begin + journal.dropFirst(12), to: "copy.db-journal", in: test)
        return test.folder.appending(path: "copy.db").path
    }

    @Test("a database whose first transaction was cut off is empty, as SQLite will find it")
    func firstTransaction() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let path = try await cutOff("CREATE TABLE a (id INTEGER)", in: test)
            #expect(try inspect("copy.db", in: test) == .empty)
            let opened = try await SQLiteDatabase(path: path, options: SQLiteOptions())
            #expect(try await opened.integer("SELECT count(*) FROM sqlite_schema") == 0)
            await opened.close()
        }
    }

    @Test("a database that gets its table back from a journal counts as one with tables")
    func laterTransaction() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await SQLiteDatabase(path: test.path, options: SQLiteOptions(mode: .mayCreate))
            try await database.write("CREATE TABLE a (id INTEGER)")
            await database.close()
            let path = try await cutOff("DROP TABLE a", in: test)
            #expect(try inspect("copy.db", in: test) == .database(applicationID: 0, hasTables: true))
            let opened = try await SQLiteDatabase(path: path, options: SQLiteOptions())
            #expect(try await opened.integer("SELECT count(*) FROM sqlite_schema") == 1)
            await opened.close()
        }
    }

    @Test("looking at a file this process has open does not drop its locks")
    func keepsLocks() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let options = SQLiteOptions(mode: .mayCreate, busyTimeout: .milliseconds(50))
            let database = try await SQLiteDatabase(path: test.path, options: options)
            try await database.write("CREATE TABLE a (id INTEGER)")
            let isLocked = try await database.transaction(.write) { connection in
                try connection.execute("INSERT INTO a (id) VALUES (1)")
                _ = try SQLiteDatabase.inspect(path: test.path)
                return try Self.isLocked(test.path)
            }
            #expect(isLocked)
            await database.close()
        }
    }

    /// Whether another process finds SQLite's lock bytes taken (1073741824 and on; fileformat of os_unix.c).
    private static func isLocked(_ path: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/perl")
        let attempt = """
            open my $f, '+<', $ARGV[0] or die; my $l = pack('ssx4qqlx4', 1, 0, 1073741824, 512, 0);
            exit(fcntl($f, 6, $l) ? 0 : 3);
            """
        process.arguments = ["-e", attempt, path]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 3
    }
}
