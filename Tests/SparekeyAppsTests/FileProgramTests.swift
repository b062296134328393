import Foundation
import PasswordHashing
import Sparekey
import SparekeyTesting
import Testing

@testable import SparekeyApps

@Suite("A program whose accounts are in a file")
struct FileProgramTests {
    static let names = ["authelia", "dokuwiki", "dovecot", "home-assistant", "htpasswd", "radicale"]
    /// Names that somebody would type, with the format that their password has afterwards.
    static let accounts: [(name: String, account: String, format: String)] = [
        ("authelia", "ADA@example.org", "argon2id"), ("authelia", "grace", "sha512-crypt"),
        ("authelia", "alan", "bcrypt"), ("dokuwiki", "Ada", "bcrypt"), ("dokuwiki", "GRACE@example.org", "bcrypt"),
        ("dokuwiki", "alan", "sha512-crypt"), ("dovecot", "Ada@Example.org", "dovecot-sha512-crypt"),
        ("dovecot", "grace@example.org", "dovecot-bcrypt"), ("dovecot", "alan@example.org", "dovecot-argon2id"),
        ("dovecot", "barbara@example.org", "dovecot-sha512-crypt"), ("dovecot", "hedy@example.org", "ldap-bcrypt"),
        ("home-assistant", "ADA", "home-assistant-bcrypt"), ("htpasswd", "ada", "bcrypt"),
        ("htpasswd", "Ada", "bcrypt"), ("htpasswd", "grace", "bcrypt"), ("htpasswd", "alan", "sha512-crypt"),
        ("htpasswd", "barbara", "sha256-crypt"), ("radicale", "grace", "bcrypt"), ("radicale", "alan", "sha512-crypt"),
    ]
    static let old = "meadow-Copper-74-signal"
    static let new = "a new password 4711"

    /// A folder with the fixture in it, below a name that says whose it is.
    static func with(_ name: String, _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.resolvingSymlinksInPath().appending(path: "users").path
        let fixture = ShippedProfileTests.root.appending(path: "Fixtures/apps/\(name).file").path
        try FileManager.default.copyItem(atPath: fixture, toPath: path)
        try await body(path)
    }

    static func directory(_ name: String, _ path: String, isConfirmed: Bool = true) throws -> ProgramDirectory {
        ProgramDirectory(
            try ProfileShelf().named(name), in: path,
            reference: AppReference(name: name, profile: name, database: path), isConfirmed: isConfirmed)
    }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    static func stored(_ account: Account, _ directory: ProgramDirectory) async throws -> String {
        let stored = try #require(try await directory.read(account))
        guard case .text(let text) = stored["file.password"] else { throw CocoaError(.fileReadCorruptFile) }
        return text
    }

    @Test("is known by its file, and no other is", arguments: names)
    func known(name: String) async throws {
        try await Self.with(name) { path in
            let before = try Self.bytes(path)
            let report = try CheckProgram(try ProfileShelf().profiles())(file: path)
            #expect(report.fitting.map(\.profile.name) == [name])
            let survey = try #require(report.fitting.first?.surveys.first)
            #expect(survey.accounts == survey.credentials.first?.rows)
            #expect(try Self.bytes(path) == before)
        }
    }

    @Test("has only values that it can read, with the password of the fixtures", arguments: names)
    func readable(name: String) async throws {
        try await Self.with(name) { path in
            let place = try #require(try ProfileShelf().named(name).accounts.first)
            let form = try #require(place.store.form)
            let document = try #require(try AccountDocument(place, form, path: path))
            let credential = try #require(place.credentials.first)
            let values = document.accounts.compactMap { record in
                if case .string(let text) = record.fields["password"] { StoredCredential(hash: text) } else { nil }
            }
            // Dovecot reads more than is worth knowing here.
            try ShippedProfileTests.check(
                values.filter { $0[.hash]?.hasPrefix("{PLAIN-MD5}") == false }, against: credential)
        }
    }

    @Test("is reset in its own formats, one line of it, and put back to the last byte", arguments: accounts)
    func thereAndBack(name: String, account typed: String, format: String) async throws {
        try await Self.with(name) { path in
            let before = try Self.bytes(path)
            let directory = try Self.directory(name, path)
            let account = try #require(try await directory.find(AccountName(typed)))
            #expect(try await directory.find(id: account.id) == account)
            let (old, new) = try await ProgramDirectoryTests.make(Self.new, account, directory)
            #expect(try await directory.apply(new, to: account, expecting: old) == .applied)
            let text = try await Self.stored(account, directory)
            let found = try #require(CredentialFormats.standard.named(format))
            let value = StoredCredential(hash: text)
            #expect(try found.verify(Password(utf8: Self.new), against: value, inputs: CredentialInputs()))
            let changed = zip(Self.lines(before), Self.lines(try Self.bytes(path))).filter { $0 != $1 }
            #expect(changed.count == 1)
            #expect(try await directory.apply(old, to: account, expecting: new) == .applied)
            #expect(try Self.bytes(path) == before)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent) == [
                    "users"
                ])
        }
    }

    static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    }

    @Test("keeps what every directory promises", arguments: names)
    func conforms(name: String) async throws {
        try await Self.with(name) { path in
            let directory = try Self.directory(name, path)
            let typed = try #require(Self.accounts.first { $0.name == name }?.account)
            let steps = ProgramDirectoryTests.steps(directory) {
                try Self.lines(Self.bytes(path)).map { "\(Array($0))" }
            }
            try await DirectoryConformance(directory, typed: typed, steps: steps).check()
        }
    }

    @Test("copies no prefix that the program does not read", arguments: ["dokuwiki", "radicale"])
    func prefix(name: String) async throws {
        try await Self.with(name) { path in
            let text = String(decoding: try Self.bytes(path), as: UTF8.self).replacing("$2y$10$", with: "$2b$10$")
            try Data(text.utf8).write(to: URL(filePath: path))
            let directory = try Self.directory(name, path)
            let account = try #require(try await directory.find(AccountName("ada")))
            let (_, new) = try await ProgramDirectoryTests.make(Self.new, account, directory)
            guard case .text(let made) = new["file.password"] else { throw CocoaError(.fileReadCorruptFile) }
            #expect(made.hasPrefix("$2y$10$"))
        }
    }

    @Test("keeps its mode and attributes, and its time tells of the change by a second at least")
    func attributes() async throws {
        try await Self.with("htpasswd") { path in
            #expect(chmod(path, 0o640) == 0)
            let directory = try Self.directory("htpasswd", path)
            let account = try #require(try await directory.find(AccountName("ada")))
            let (old, new) = try await ProgramDirectoryTests.make(Self.new, account, directory)
            let before = try Self.status(path)
            #expect(try await directory.apply(new, to: account, expecting: old) == .applied)
            let after = try Self.status(path)
            #expect(after.st_mode == before.st_mode && after.st_uid == before.st_uid && after.st_gid == before.st_gid)
            #expect(after.st_mtim.tv_sec > before.st_mtim.tv_sec)
        }
    }

    static func status(_ path: String) throws -> stat {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw CocoaError(.fileReadNoSuchFile) }
        return status
    }

    @Test("is refused unchanged with a second name, behind a link, or with an account twice")
    func refused() async throws {
        try await Self.with("htpasswd") { path in
            let directory = try Self.directory("htpasswd", path)
            let account = try #require(try await directory.find(AccountName("ada")))
            let (old, new) = try await ProgramDirectoryTests.make(Self.new, account, directory)
            #expect(link(path, path + ".too") == 0)
            await #expect(throws: AppsError.self) { try await directory.apply(new, to: account, expecting: old) }
            #expect(unlink(path + ".too") == 0 && symlink("users", path + ".link") == 0)
            let linked = try Self.directory("htpasswd", path + ".link")
            await #expect(throws: AppsError.self) { try await linked.find(AccountName("ada")) }
            try Data(try Self.bytes(path) + Array("ada:x\n".utf8)).write(to: URL(filePath: path))
            await #expect(throws: RecoveryError.self) { try await directory.find(AccountName("ada")) }
            #expect(try await directory.apply(new, to: account, expecting: old) == .changedMeanwhile)
        }
    }

    @Test("is as it was before where nobody confirms what has to be confirmed")
    func unconfirmed() async throws {
        try await Self.with("home-assistant") { path in
            let before = try Self.bytes(path)
            let directory = try Self.directory("home-assistant", path, isConfirmed: false)
            let account = try #require(try await directory.find(AccountName("ada")))
            let (old, new) = try await ProgramDirectoryTests.make(Self.new, account, directory)
            await #expect(throws: AppsError.self) { try await directory.apply(new, to: account, expecting: old) }
            #expect(try Self.bytes(path) == before)
        }
    }

    @Test("what a reset left that was cut off is not in the way of the next, and is removed when it is settled")
    func drafts() async throws {
        try await Self.with("htpasswd") { path in
            let folder = (path as NSString).deletingLastPathComponent
            let draft = "\(folder)/.users.sparekey-new"
            let directory = try Self.directory("htpasswd", path)
            let account = try #require(try await directory.find(AccountName("ada")))
            let (old, new) = try await ProgramDirectoryTests.make(Self.new, account, directory)
            try Data("cut off".utf8).write(to: URL(filePath: draft))
            #expect(try await directory.apply(new, to: account, expecting: old) == .applied)
            try Data("cut off".utf8).write(to: URL(filePath: draft))
            try directory.removeDrafts()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["users"])
        }
    }

    @Test("of two resets at once both are in the file, or one has to try again")
    func together() async throws {
        try await Self.with("htpasswd") { path in
            let directory = try Self.directory("htpasswd", path)
            var plans: [(Account, StoredColumns, StoredColumns)] = []
            for name in ["ada", "grace", "alan", "barbara"] {
                let account = try #require(try await directory.find(AccountName(name)))
                let (old, new) = try await ProgramDirectoryTests.make(Self.new, account, directory)
                plans.append((account, old, new))
            }
            let applied = try await withThrowingTaskGroup(of: (Account, StoredColumns)?.self) { group in
                for (account, old, new) in plans {
                    group.addTask {
                        try await directory.apply(new, to: account, expecting: old) == .applied ? (account, new) : nil
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap(\.self)
            }
            #expect(!applied.isEmpty)
            for (account, new) in applied { #expect(try await directory.read(account) == new) }
        }
    }
}
