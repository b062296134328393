import Foundation
import Sparekey
import SparekeyApps
import Testing

@testable import SparekeyInstance

/// The section `apps` of a settings file: read strictly, and changed without touching another line.
@Suite("Attached apps")
struct AttachedAppTests {
    static let whole = """
        apps:
          cards:
            profile: flashcard-flow
            database: postgres://flow@db.example.org/flow
            password_file: /etc/sparekey/flow.password
            login: https://cards.example.org/login
            secrets:
              jwt-secret: {variable: JWT_SECRET}
              other: {file: /run/other}
            hooks:
              refresh: {url: "https://cards.example.org/api/admin/refresh-user"}
              tell: {argv: [/usr/bin/tell, --token, "a b"]}
        """
    static let cards = AttachedApp(
        name: "cards", profile: "flashcard-flow", database: "postgres://flow@db.example.org/flow",
        passwordFile: "/etc/sparekey/flow.password",
        secrets: ["jwt-secret": .variable("JWT_SECRET"), "other": .file("/run/other")],
        hooks: [
            "refresh": .url("https://cards.example.org/api/admin/refresh-user"),
            "tell": .command(["/usr/bin/tell", "--token", "a b"]),
        ], login: "https://cards.example.org/login")
    static let git = AttachedApp(name: "git", profile: "gitea", database: "/mnt/git data/gitea.db")

    @Test("Every key of an app is read, and listed with its line and without what may be secret")
    func read() throws {
        let folder = try SettingsFolder(Self.whole)
        let settings = try folder.load()
        #expect(settings.apps == [Self.cards])
        let listed = settings.listing.filter { $0.key.hasPrefix("apps.cards.") }
        #expect(listed.count == 8)
        #expect(listed.contains { $0.key == "apps.cards.hooks.tell" && $0.value == "/usr/bin/tell ******** (2 more)" })
        #expect(listed[1].source == .file(path: folder.file, line: 4))
        let blog = "apps: {blog: {profile: \"wordpress:blog7_\", database: \"mysql://u@h/n\"}}"
        #expect(try SettingsFolder(blog).load().apps.map(\.profile) == ["wordpress:blog7_"])
        #expect(try SettingsFolder("listen: 127.0.0.1:80\napps:\n").load().apps == [])
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let entry: String
        let line: Int
        let words: String

        init(_ entry: String, _ line: Int, _ words: String) {
            (self.entry, self.line, self.words) = (entry, line, words)
        }

        var testDescription: String { entry }
    }

    static let refused: [Refused] = [
        .init("apps: 3", 1, "apps: expected keys and values"),
        .init("apps.git.profile: gitea", 1, "the nearest one is apps"),
        .init("app:\n  git: x", 2, "there is no setting app.git"),
        .init("apps:\n  Git: {profile: gitea, database: /x}", 2, "expected a name of 1 to 32"),
        .init("apps:\n  git:\n    profil: gitea", 3, "the nearest one is profile"),
        .init("apps:\n  git: {profile: gitea}", 2, "apps.git.database: is missing"),
        .init("apps:\n  git: {profile: Gitea, database: /x}", 2, "apps.git.profile: expected the name of a profile"),
        .init("apps:\n  git: {profile: \"gitea:b-7\", database: /x}", 2, "profile: expected the name of a profile"),
        .init("apps:\n  git: {profile: gitea, database: x.db}", 2, "expected an absolute path"),
        .init("apps:\n  git: {profile: gitea, database: \"gopher://hunter2\"}", 0, "scheme gopher://"),
        .init("apps:\n  git: {profile: gitea, database: \"mysql://u:hunter2@h/n\"}", 2, "without a password"),
        .init(
            "apps:\n  git:\n    profile: gitea\n    database: /x\n    password_file: x", 5, "expected an absolute path"),
        .init(
            "apps:\n  git:\n    profile: gitea\n    database: /x\n    login: http://h/", 5, "login: expected https://"),
        .init(
            "apps:\n  git:\n    profile: gitea\n    database: /x\n    hooks: {h: {url: \"http://h/x\"}}", 5,
            "hooks.h.url: expected https://"),
        .init("apps:\n  git:\n    profile: gitea\n    database: /x\n    hooks: {h: {argv: [sh]}}", 5, "absolute path"),
        .init("apps:\n  git:\n    profile: gitea\n    database: /x\n    hooks: {h: {argv: []}}", 5, "1 to 64 words"),
        .init(
            "apps:\n  git:\n    profile: gitea\n    database: /x\n    hooks: {h: {argv: [/x], url: \"https://h\"}}", 5,
            "either url or argv"),
        .init("apps:\n  git:\n    profile: gitea\n    database: /x\n    secrets: {s: {file: x}}", 5, "absolute path"),
        .init(
            "apps:\n  git:\n    profile: gitea\n    database: /x\n    secrets: {s: {variable: 1A}}", 5, "name of a var"),
        .init("apps:\n  git:\n    profile: gitea\n    database: /x\n    secrets: {s: hunter2}", 5, "expected keys and"),
    ]

    @Test("What cannot be is refused, with its line and without its value", arguments: refused)
    func refusal(_ refused: Refused) throws {
        let folder = try SettingsFolder(refused.entry)
        folder.expectRefusal(.badSettings, containing: refused.words)
        let error = #expect(throws: InstanceError.self) { try folder.load() }
        #expect(refused.line == 0 || error?.reason.contains("line \(refused.line): ") == true, "\(error?.reason ?? "")")
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("A file with an app in it that others can write is refused")
    func writable() throws {
        let folder = try SettingsFolder(Self.whole)
        try folder.write(Array(Self.whole.utf8), mode: 0o620)
        folder.expectRefusal(.unsafeFile, containing: "other users can write")
    }

    static let texts = [
        "", "# a file of comments\n", "listen: 127.0.0.1:8080  # here", "policy:\n  min_length: 10\n\n", "apps:\n",
        "apps:   # programs\n# none yet\n", whole + "\n",
        "apps:\n    # the old one\n    old:\n        profile: grafana\n        database: /g.db\n\n# the end\nlisten: 127.0.0.1:80\n",
        "listen: 127.0.0.1:80\r\napps:\r\n",
    ]

    @Test("An app is added and taken out again, and every other line stays", arguments: texts)
    func splice(_ text: String) throws {
        let splice = SettingsSplice(path: "x.yaml")
        let before = try splice.apps(in: text)
        let added = try splice.adding(Self.git, to: text)
        #expect(try splice.apps(in: added).contains(Self.git))
        #expect(try splice.apps(in: added).count == before.count + 1)
        for line in text.split(separator: "\n") { #expect(added.contains(line)) }
        let removed = try splice.removing("git", from: added)
        #expect(try splice.apps(in: removed) == before)
        for line in text.split(separator: "\n") where !line.hasPrefix("apps:") { #expect(removed.contains(line)) }
        #expect(!removed.contains("gitea"))
    }

    @Test("A file with line ends that only YAML counts is left alone")
    func otherLineEnds() throws {
        let text = "# \u{2028}\u{2028}\u{2028}\u{2028}\napps:\n  git:\n    profile: gitea\n    database: /srv/git.db\n"
        let splice = SettingsSplice(path: "x.yaml")
        #expect(try splice.apps(in: text).map(\.name) == ["git"])
        let error = #expect(throws: InstanceError.self) { try splice.removing("git", from: text) }
        #expect(error?.hint?.contains("nothing was changed") == true)
    }

    @Test("What an app is written as is read back as the same app")
    func writtenWhole() throws {
        let splice = SettingsSplice(path: "x.yaml")
        let odd = AttachedApp(
            name: "odd", profile: "gitea", database: "/a \"b\" \\c: # d/null", passwordFile: "/~",
            hooks: ["h": .command(["/x", "a, b]", "{"])])
        for app in [Self.cards, odd] { #expect(try splice.apps(in: splice.adding(app, to: "")) == [app]) }
    }

    @Test(
        "Where the file is written in another way nothing is changed, and the hint has the lines",
        arguments: ["apps: {old: {profile: grafana, database: /g.db}}\n", "{listen: \"127.0.0.1:80\"}\n", "apps: {}\n"])
    func byHand(_ text: String) {
        let error = #expect(throws: InstanceError.self) {
            try SettingsSplice(path: "x.yaml").adding(Self.git, to: text)
        }
        #expect(error?.hint?.contains("profile: gitea") == true)
    }

    @Test("The file is replaced as a whole, keeps its mode, and what somebody else changed meanwhile is left alone")
    func replaced() throws {
        let folder = try SettingsFolder("listen: 127.0.0.1:80\n")
        try folder.write(Array("listen: 127.0.0.1:80\n".utf8), mode: 0o640)
        let file = SettingsFile(path: folder.file, trustedOwners: [0, geteuid()])
        try file.edit(random: SystemRandomSource()) { $0 + "# more\n" }
        #expect(try String(contentsOfFile: folder.file, encoding: .utf8) == "listen: 127.0.0.1:80\n# more\n")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let error = #expect(throws: InstanceError.self) {
            try file.edit(random: SystemRandomSource()) { text in
                try folder.write(Array("# by somebody else\n".utf8))
                return text
            }
        }
        #expect(error?.code == .busy)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sparekey.yaml"])
    }

    @Test("A password is taken out of an address, and nothing else")
    func split() throws {
        let split = try SplitAddress("postgres://u:a%40b@h:1/n?sslmode=disable")
        #expect(split.address == "postgres://u@h:1/n?sslmode=disable")
        #expect(split.password == "a@b")
        #expect(try SplitAddress("/a:b@c/x.db").password == nil)
        #expect(throws: InstanceError.self) { try SplitAddress("postgres://h/n?password=x") }
    }
}
