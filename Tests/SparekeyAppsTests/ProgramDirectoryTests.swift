import Foundation
import PasswordHashing
import Sparekey
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("A program's accounts as a directory")
struct ProgramDirectoryTests {
    /// Each program's fixture with a name that somebody would type, in every database that it is kept in.
    static let places: [(name: String, kind: TestDatabase.Kind, account: String)] = CheckProgramTests.places.map {
        place in
        let accounts = [
            "django": "ADA@example.org", "flashcard-flow": "ada@example.org", "gitea": "ada", "grafana": "GRACE",
            "listsome": "Admin@Example.com", "nexus": "grace", "palmr": "ada@example.org",
            "proxmox-manager-portal": "ada@example.org",
        ]
        return (place.name, place.kind, accounts[place.name] ?? "")
    }

    static func with(
        _ name: String, on kind: TestDatabase.Kind, folder: String? = nil,
        _ body: (ProgramDirectory, any SQLDatabase) async throws -> Void
    ) async throws {
        try await AppFixture.with(name, on: kind) { _, database in
            let profile = try ProfileShelf().named(name)
            let reference = AppReference(name: name, profile: name, database: "here")
            try await body(ProgramDirectory(profile, in: database, reference: reference, folder: folder), database)
        }
    }

    static func make(
        _ password: String, _ account: Account, _ directory: ProgramDirectory, requireChange: Bool = false
    ) async throws -> (old: StoredColumns, new: StoredColumns) {
        let old = try #require(try await directory.read(account))
        let maker = MakeProgramCredentials(directory, clock: SystemWallClock(), random: SystemRandomSource())
        let new = try await maker(
            Password(utf8: password), account: account, replacing: old, requireChange: requireChange, expiresAt: nil)
        return (old, new)
    }

    /// Whether every credential of the account accepts the password, read from the database itself.
    static func accepts(_ password: Password, _ account: Account, _ directory: ProgramDirectory) async throws -> Bool {
        let stored = try #require(try await directory.read(account))
        let place = try #require(directory.profile.accounts.last)
        return try place.credentials.allSatisfy { credential in
            let table = credential.table?.table ?? Self.name(place.store)
            let texts = credential.columns.reduce(into: [StoredCredential.Field: String]()) { texts, column in
                if case .text(let text) = stored["\(table).\(column.value.column)"] { texts[column.key] = text }
            }
            let value = StoredCredential(texts)
            let format = try #require(CredentialFormats.standard.identify(value, among: credential.reads))
            return try format.verify(
                password, against: value, inputs: CredentialInputs(username: account.username))
        }
    }

    static func name(_ store: AccountPlace.Store) -> String {
        switch store {
        case .table(let name): name
        case .document(let path): path
        case .file: "file"
        }
    }

    @Test("keeps what every directory promises", arguments: places)
    func conforms(name: String, kind: TestDatabase.Kind, account typed: String) async throws {
        try await Self.with(name, on: kind) { directory, database in
            let steps = Self.steps(directory) { try await AppFixture.dump(database) }
            try await DirectoryConformance(directory, typed: typed, steps: steps).check()
        }
    }

    /// What the suite of directories cannot know of a program.
    static func steps(
        _ directory: ProgramDirectory, contents: @escaping @Sendable () async throws -> [String]
    ) -> DirectoryConformance.Steps {
        DirectoryConformance.Steps(
            make: { password, account, old in
                let maker = MakeProgramCredentials(directory, clock: SystemWallClock(), random: SystemRandomSource())
                return try await maker(
                    password, account: account, replacing: old, requireChange: false, expiresAt: nil)
            },
            apply: { new, account, old in try await directory.apply(new, to: account, expecting: old) },
            accepts: { password, account in try await accepts(password, account, directory) },
            contents: contents)
    }

    @Test(
        "two accounts of one name are refused, and one in another case is found", arguments: TestDatabase.Kind.drivers)
    func names(kind: TestDatabase.Kind) async throws {
        guard kind != .mariaDB else { return }
        try await Self.with("flashcard-flow", on: kind == .mariaDB ? .sqlite : kind) { directory, database in
            #expect(try await directory.find(AccountName("nobody")) == nil)
            #expect(try await directory.find(AccountName("")) == nil)
            #expect(try await directory.find(AccountName("' OR 1=1 --")) == nil)
            let ada = try #require(try await directory.find(AccountName("ADA@Example.org")))
            #expect(ada.email?.lowercased() == "ada@example.org")
            #expect(try await directory.find(id: "9' OR '1'='1") == nil)
            _ = database
        }
    }

    @Test("a refusal of the profile holds whoever asks")
    func refusal() async throws {
        try await Self.with("palmr", on: .sqlite) { directory, database in
            let alan = try #require(try await directory.look("alan@example.org"))
            #expect(alan.refusal != nil)
            let (old, new) = try await Self.make("a new password 4711", alan.account, directory)
            let before = try await AppFixture.dump(database)
            await #expect(throws: AppsError(.refused, reason: "")) {
                _ = try await directory.apply(new, to: alan.account, expecting: old)
            }
            #expect(try await AppFixture.dump(database) == before)
        }
    }

    @Test("what a trigger takes back is noticed, and nothing is left of it")
    func trigger() async throws {
        try await Self.with("django", on: .sqlite) { directory, database in
            let script = """
                CREATE TRIGGER keep AFTER UPDATE OF password ON auth_user WHEN new.password <> old.password
                BEGIN UPDATE auth_user SET password = old.password WHERE id = old.id; END
                """
            _ = try await database.transaction(.write) { try $0.execute(SQLStatement(stringLiteral: script)) }
            let ada = try #require(try await directory.find(AccountName("ada")))
            let (old, new) = try await Self.make("a new password 4711", ada, directory)
            #expect(try await directory.preview(ada).triggers.map(\.name) == ["keep"])
            await #expect(throws: RecoveryError(.notVerified, reason: "")) {
                _ = try await directory.apply(new, to: ada, expecting: old)
            }
            #expect(try await directory.read(ada) == old)
        }
    }

    @Test("an account of a document and a table is changed in both or in neither")
    func document() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = ShippedProfileTests.root.appending(path: "Fixtures/apps/nexus-admin-credentials.json")
        let file = folder.appending(path: "admin-credentials.json")
        try FileManager.default.copyItem(at: source, to: file)
        try await Self.with("nexus", on: .sqlite, folder: folder.path) { directory, database in
            let admin = try #require(try await directory.find(AccountName("admin")))
            #expect(admin.id == "0/1 1/1")
            let before = try String(contentsOf: file, encoding: .utf8)
            let (old, new) = try await Self.make("a new password 4711", admin, directory, requireChange: true)
            #expect(try await directory.apply(new, to: admin, expecting: old) == .applied)
            #expect(try await directory.read(admin) == new)
            let after = try String(contentsOf: file, encoding: .utf8)
            #expect(after.contains(#""mustChangePassword": true"#) && after.contains(#""resetToken": null"#))
            #expect(after.contains(#""createdAt": "2026-02-12T16:00:00.000Z""#))
            // Somebody else writes the file: the table follows it back.
            try after.replacing("\"id\": 1", with: "\"id\": 2").write(to: file, atomically: true, encoding: .utf8)
            let dump = try await AppFixture.dump(database)
            #expect(try await directory.apply(old, to: admin, expecting: new) == .changedMeanwhile)
            #expect(try await AppFixture.dump(database) == dump)
            try after.write(to: file, atomically: true, encoding: .utf8)
            #expect(try await directory.apply(old, to: admin, expecting: new) == .applied)
            #expect(try String(contentsOf: file, encoding: .utf8) == before)
        }
    }
}
