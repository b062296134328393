import Foundation
import Sparekey
import Testing

@testable import SparekeyInstance

@Suite("The data folder and the key file")
struct FolderTests {
    /// A folder of the test's own, gone afterwards.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)").path
        try DataFolder(path: path).create()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func code(_ body: () throws -> Void) -> InstanceError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? InstanceError)?.code
        }
    }

    @Test("a missing folder is created 0700 only where that is allowed")
    func creation() async throws {
        try await withFolder { path in
            let inner = path + "/a/b"
            #expect(code { _ = try DataFolder(path: inner).open(mayCreate: false) } == .notSetUp)
            _ = try DataFolder(path: inner).open(mayCreate: true)
            let mode = try FileManager.default.attributesOfItem(atPath: inner)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }

    @Test("a folder that others can read, a link and a file are refused")
    func refusedFolders() async throws {
        try await withFolder { path in
            chmod(path, 0o750)
            #expect(code { _ = try DataFolder(path: path).open(mayCreate: true) } == .unsafeFile)
            chmod(path, 0o700)
            symlink(path, path + "/link")
            #expect(code { _ = try DataFolder(path: path + "/link").open(mayCreate: true) } == .unsafeFile)
            _ = FileManager.default.createFile(atPath: path + "/file", contents: nil)
            #expect(code { _ = try DataFolder(path: path + "/file").open(mayCreate: true) } == .unsafeFile)
        }
    }

    @Test("the key is made once and read back the same")
    func keyOnce() async throws {
        try await withFolder { path in
            let file = KeyFile(path: path + "/instance.key")
            #expect(try file.load() == nil)
            let made = try file.loadOrCreate(random: SystemRandomSource())
            #expect(try file.loadOrCreate(random: SystemRandomSource()).checkValue == made.checkValue)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["instance.key"])
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("many that start at once end with one key")
    func keyRace() async throws {
        try await withFolder { path in
            let checks = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        try KeyFile(path: path + "/instance.key").loadOrCreate(random: SystemRandomSource()).checkValue
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(checks.count == 1)
        }
    }

    @Test("a key file that others can read, a link, and a file without a key are refused and stay as they are")
    func refusedKeys() async throws {
        try await withFolder { path in
            let file = KeyFile(path: path + "/instance.key")
            _ = try file.loadOrCreate(random: SystemRandomSource())
            chmod(file.path, 0o640)
            #expect(code { _ = try file.load() } == .unsafeFile)
            chmod(file.path, 0o600)
            symlink(file.path, path + "/link.key")
            #expect(code { _ = try KeyFile(path: path + "/link.key").load() } == .unsafeFile)
            try Data("not a key\n".utf8).write(to: URL(filePath: file.path))
            chmod(file.path, 0o600)
            #expect(code { _ = try file.load() } == .wrongKey)
            #expect(code { _ = try file.loadOrCreate(random: SystemRandomSource()) } == .wrongKey)
        }
    }
}

@Suite("Where the database is")
struct DatabaseLocationTests {
    @Test(
        "paths and URLs are told apart",
        arguments: [
            ("data.db", DatabaseLocation.sqlite(path: "data.db")),
            ("sqlite://data.db", .sqlite(path: "data.db")),
            ("sqlite:///var/data.db", .sqlite(path: "/var/data.db")),
            ("postgres://u@h/d", .postgreSQL(url: "postgres://u@h/d")),
        ])
    func forms(_ row: (String, DatabaseLocation)) throws {
        #expect(try DatabaseLocation(row.0, source: .fallback) == row.1)
    }

    @Test("another scheme is refused and named, its password is not")
    func scheme() throws {
        let error = #expect(throws: InstanceError.self) {
            try DatabaseLocation("mysql://root:geheim@h/d", source: .variable("DATABASE_URL"))
        }
        #expect(error?.code == .badSettings)
        #expect(error?.reason.contains("DATABASE_URL") == true)
        #expect(error?.description.contains("geheim") == false)
    }

    @Test("what stands before :// is repeated only where it is a scheme")
    func noScheme() throws {
        let error = #expect(throws: InstanceError.self) {
            try DatabaseLocation("moss lantern 71@h/d://", source: .commandLine)
        }
        #expect(error?.reason == "the database named by the command line has no scheme before its ://")
    }

    @Test("a password in a URL is noticed", arguments: ["postgres://u:p@h/d", "postgres://h/d?password=p"])
    func password(_ url: String) throws {
        #expect(try DatabaseLocation(url, source: .commandLine).holdsPassword)
        #expect(try !DatabaseLocation("postgres://u@h/d", source: .commandLine).holdsPassword)
    }
}
