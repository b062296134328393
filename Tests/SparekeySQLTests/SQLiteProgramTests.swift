import Foundation
import SparekeySQL
import SparekeyTesting
import Synchronization
import Testing

@Suite("Another program's SQLite database")
struct SQLiteProgramTests {
    /// Names, bytes and times of everything in a folder.
    private func contents(_ folder: URL, except suffix: String = "?") throws -> [String: [Data]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(suffix) }
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                let file = folder.appending(path: name)
                let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
                let time = try #require(attributes[.modificationDate] as? Date)
                return (name, [try Data(contentsOf: file), Data("\(time.timeIntervalSince1970)".utf8)])
            })
    }

    private func countInPreview(_ path: String) async throws -> Int64? {
        let preview = try await SQLiteDatabase.preview(path: path)
        let count = try await preview.integer("SELECT count(*) FROM a")
        let error = await sqlError { try await preview.write("INSERT INTO a VALUES (9)") }
        #expect(error?.code == .readOnly)
        await preview.close()
        return count
    }

    @Test(
        "a preview changes no byte and leaves no file, whatever journal the program uses", arguments: ["delete", "wal"])
    func atRest(_ journal: String) async throws {
        try await TestDatabase.with(.sqlite) { test in
            let program = try OtherProgram(
                test.path, "PRAGMA journal_mode = \(journal); CREATE TABLE a (n); INSERT INTO a VALUES (1);")
            program.quit()
            let before = try contents(test.folder)
            #expect(before.count == 1)
            #expect(try await countInPreview(test.path) == 1)
            #expect(try contents(test.folder) == before)
        }
    }

    @Test("a preview beside the running program sees what it committed", arguments: ["delete", "wal"])
    func running(_ journal: String) async throws {
        try await TestDatabase.with(.sqlite) { test in
            let program = try OtherProgram(
                test.path, "PRAGMA journal_mode = \(journal); CREATE TABLE a (n); INSERT INTO a VALUES (1);")
            let before = try contents(test.folder, except: "-shm")
            #expect(before.count == (journal == "wal" ? 2 : 1))
            #expect(try await countInPreview(test.path) == 1)
            #expect(try contents(test.folder, except: "-shm") == before)
            try program.run("INSERT INTO a VALUES (2);")
            #expect(try await countInPreview(test.path) == 2)
            program.quit()
        }
    }

    @Test("a preview after the program was killed reads its log and leaves it", arguments: [true, false])
    func killed(_ keepsIndex: Bool) async throws {
        try await TestDatabase.with(.sqlite) { test in
            let program = try OtherProgram(
                test.path, "PRAGMA journal_mode = wal; CREATE TABLE a (n); INSERT INTO a VALUES (1);")
            program.kill()
            if !keepsIndex { try FileManager.default.removeItem(atPath: test.path + "-shm") }
            let before = try contents(test.folder)
            #expect(before.count == (keepsIndex ? 3 : 2))
            #expect(try await countInPreview(test.path) == 1)
            #expect(try contents(test.folder) == before)
        }
    }

    @Test(
        "a change in a database that the program has open is seen by it, and its journal stays",
        arguments: ["delete", "wal"])
    func change(_ journal: String) async throws {
        try await TestDatabase.with(.sqlite) { test in
            let program = try OtherProgram(
                test.path, "PRAGMA journal_mode = \(journal); CREATE TABLE a (n); INSERT INTO a VALUES (1);")
            let database = try await SQLiteDatabase.program(path: test.path)
            #expect(try await database.write("UPDATE a SET n = 5") == 1)
            await database.close()
            #expect(try program.run("SELECT n FROM a;") == "5")
            #expect(try program.run("PRAGMA journal_mode;") == journal)
            program.quit()
        }
    }

    @Test(
        "a copy is of one moment, while the program opens, changes and closes its database",
        arguments: ["delete", "wal"])
    func copied(_ journal: String) async throws {
        try await TestDatabase.with(.sqlite) { test in
            try OtherProgram(
                test.path,
                """
                PRAGMA journal_mode = \(journal); CREATE TABLE a (n, b);
                WITH RECURSIVE c (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < 12000)
                INSERT INTO a SELECT 1, randomblob(1000) FROM c;
                """
            ).quit()
            let copy = test.folder.appending(path: "copy.db").path
            try Data().write(to: URL(filePath: copy))
            // As a program does that opens its database for each request. One with a rollback journal waits for the copy.
            let path = test.path
            let isFirst = Mutex(journal == "wal")
            try await SQLiteDatabase.copyProgram(at: path, to: copy) { _, _ in
                guard
                    isFirst.withLock({ first in
                        defer { first = false }
                        return first
                    })
                else { return }
                try? OtherProgram(path, "UPDATE a SET n = 2; PRAGMA wal_checkpoint(TRUNCATE);").quit()
            }
            #expect(try contents(test.folder).keys.sorted() == ["copy.db", "test.db"])
            let look = try OtherProgram(copy, "PRAGMA integrity_check;")
            #expect(try look.run("PRAGMA integrity_check; SELECT DISTINCT n FROM a;") == "ok\n1")
            look.quit()
            let program = try OtherProgram(path, "")
            #expect(try program.run("SELECT DISTINCT n FROM a;") == (journal == "wal" ? "2" : "1"))
            #expect(try program.run("PRAGMA journal_mode;") == journal)
            program.quit()
        }
    }

    @Test("foreign keys are not enforced unless asked, and a trigger into a search index works")
    func settings() async throws {
        try await TestDatabase.with(.sqlite) { test in
            try OtherProgram(
                test.path,
                """
                CREATE TABLE a (id INTEGER PRIMARY KEY, n REFERENCES b (n)); CREATE TABLE b (n UNIQUE);
                CREATE VIRTUAL TABLE f USING fts5(n);
                CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO f (n) VALUES (NEW.n); END;
                """
            ).quit()
            let database = try await SQLiteDatabase.program(path: test.path)
            #expect(try await database.write("INSERT INTO a VALUES (1, 7)") == 1)
            await database.close()
            let strict = try await SQLiteDatabase.program(path: test.path, enforcesForeignKeys: true)
            #expect(await sqlError { try await strict.write("INSERT INTO a VALUES (2, 7)") }?.code == .constraint)
            await strict.close()
        }
    }

    @Test("what is no database of a program is refused in words that name the file, and stays as it is")
    func refused() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let cases: [(Data?, SQLError.Code, String)] = [
                (nil, .unavailable, "no such file"), (Data(), .notADatabase, "empty"),
                (Data(repeating: 7, count: 5000), .notADatabase, "not an SQLite database"),
            ]
            for (bytes, code, words) in cases {
                if let bytes { try bytes.write(to: URL(filePath: test.path)) }
                let look = await sqlError { _ = try await SQLiteDatabase.preview(path: test.path) }
                let change = await sqlError { _ = try await SQLiteDatabase.program(path: test.path) }
                for error in [look, change] {
                    #expect(error?.code == code)
                    #expect(error?.reason.contains(test.path) == true && error?.reason.contains(words) == true)
                }
                #expect(FileManager.default.contents(atPath: test.path) == bytes)
                #expect(try contents(test.folder).count == (bytes == nil ? 0 : 1))
            }
        }
    }
}

/// The sqlite3 command of Debian, which has a database open as its program would.
private final class OtherProgram {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ path: String, _ statements: String) throws {
        process.executableURL = URL(filePath: "/usr/bin/sqlite3")
        process.arguments = ["-batch", path]
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        try run(statements)
    }

    /// Returns when the statements have been run: with what they answered.
    @discardableResult
    func run(_ statements: String) throws -> String {
        try input.fileHandleForWriting.write(contentsOf: Data("\(statements)\n.print done\n".utf8))
        var answer = ""
        while !answer.hasSuffix("done\n") {
            let more = try #require(try output.fileHandleForReading.read(upToCount: 1))
            answer += String(decoding: more, as: UTF8.self)
        }
        return answer.dropLast(5).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func quit() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
