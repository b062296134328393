import Foundation
import Sparekey
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

/// An account in several places is changed in all of them or in none, and where that cannot be had it is said.
@Suite("A reset that ends between two places")
struct TakenBackTests {
    @Test("is not called unchanged where the table could not be taken back")
    func tableStays() async throws {
        try await Self.withFolder(copying: ["nexus-admin-credentials.json": "admin-credentials.json"]) { folder in
            try await ProgramDirectoryTests.with("nexus", on: .sqlite, folder: folder.path) { directory, database in
                let admin = try #require(try await directory.find(AccountName("admin")))
                let (old, new) = try await ProgramDirectoryTests.make("a new password 4711", admin, directory)
                let stays = """
                    CREATE TRIGGER stays BEFORE UPDATE ON users WHEN new.password <> old.password
                    BEGIN SELECT RAISE(ABORT, 'no') WHERE (SELECT count(*) FROM nodes) > 0; INSERT INTO nodes (id, hostname, api_key_hash) VALUES ('n', 'n', 'n'); END
                    """
                _ = try await database.transaction(.write) { try $0.execute(SQLStatement(stringLiteral: stays)) }
                // Somebody else's account lies in the file by then.
                let file = folder.appending(path: "admin-credentials.json")
                let text = try String(contentsOf: file, encoding: .utf8).replacing("\"id\": 1", with: "\"id\": 2")
                try Data(text.utf8).write(to: file)
                await #expect(throws: RecoveryError(.unclear, reason: "")) {
                    _ = try await directory.apply(new, to: admin, expecting: old)
                }
            }
        }
    }

    @Test("is taken back in the first file where the second cannot be replaced")
    func twoFiles() async throws {
        let both = ["nexus-admin-credentials.json": "first.json"]
        try await Self.withFolder(copying: both) { folder in
            let (first, second) = (folder.appending(path: "first.json"), folder.appending(path: "second.json"))
            try FileManager.default.copyItem(at: first, to: second)
            try FileManager.default.linkItem(at: second, to: folder.appending(path: "other.json"))
            let shelf = try ProfileShelf(documents: [.init(file: "two-files.yaml", text: Self.twoFiles)])
            try await AppFixture.with("nexus", on: .sqlite) { _, database in
                let directory = ProgramDirectory(
                    try shelf.named("two-files"), in: database,
                    reference: AppReference(name: "two", profile: "two-files", database: "here"), folder: folder.path)
                let admin = try #require(try await directory.find(AccountName("admin")))
                #expect(admin.id == "0/1 1/1")
                let (old, new) = try await ProgramDirectoryTests.make("a new password 4711", admin, directory)
                let before = try Data(contentsOf: first)
                await #expect(throws: AppsError(.refused, reason: "")) {
                    _ = try await directory.apply(new, to: admin, expecting: old)
                }
                #expect(try Data(contentsOf: first) == before)
                #expect(try await directory.read(admin) == old)
            }
        }
    }

    @Test("reaches no file through a folder that is a link", arguments: [false, true])
    func linkedFolder(isLink: Bool) async throws {
        try await Self.withFolder(copying: ["nexus-admin-credentials.json": "first.json"]) { folder in
            let (home, other) = (folder.appending(path: "home"), folder.appending(path: "other"))
            for new in [home, other] {
                try FileManager.default.createDirectory(at: new, withIntermediateDirectories: false)
            }
            let place = home.appending(path: "sub")
            if isLink {
                try FileManager.default.createSymbolicLink(at: place, withDestinationURL: other)
            } else {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
            }
            for name in ["first.json", "second.json"] {
                try FileManager.default.copyItem(
                    at: folder.appending(path: "first.json"), to: place.appending(path: name))
            }
            let text = Self.twoFiles.replacing("document: ", with: "document: sub/")
            let shelf = try ProfileShelf(documents: [.init(file: "two-files.yaml", text: text)])
            try await AppFixture.with("nexus", on: .sqlite) { _, database in
                let directory = ProgramDirectory(
                    try shelf.named("two-files"), in: database,
                    reference: AppReference(name: "two", profile: "two-files", database: "here"),
                    folder: home.resolvingSymlinksInPath().path)
                guard isLink else {
                    #expect(try await directory.find(AccountName("admin"))?.id == "0/1 1/1")
                    return
                }
                await #expect(throws: AppsError(.refused, reason: "")) {
                    _ = try await directory.find(AccountName("admin"))
                }
            }
        }
    }

    private static let twoFiles = """
        profile: two-files
        title: Two files
        versions: all
        home: https://example.org
        written_from: {source: its files}
        databases: [sqlite]
        marks: [nodes]
        accounts:
        \(place("first"))
        \(place("second"))
        """

    private static func place(_ name: String) -> String {
        """
          - document: \(name).json
            id: id
            find: [{column: username, compare: exact}]
            shows: {username: username}
            credentials:
              - name: password
                columns: {hash: password}
                reads: [bcrypt]
                writes: [{format: bcrypt, cost: 10, floor: 10, prefix: 2b}]
        """
    }

    private static func withFolder(
        copying files: [String: String], _ body: (URL) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (fixture, name) in files {
            try FileManager.default.copyItem(
                at: ShippedProfileTests.root.appending(path: "Fixtures/apps/\(fixture)"),
                to: folder.appending(path: name))
        }
        try await body(folder)
    }
}
