import Foundation
import Testing

@testable import SparekeyApps

/// What containers say of a program's database: recordings in, addresses out; no engine is asked.
@Suite("Containers")
struct ContainerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let recording: String
        let likely: [String]
        let address: String
        var password: String?
        var passwordFile: String?

        var testDescription: String { recording }
    }

    static let cases: [Case] = [
        Case(
            recording: "palmr", likely: ["palmr"],
            address: "/var/lib/docker/volumes/palmr_data/_data/prisma/palmr.db"),
        Case(recording: "gitea-sqlite", likely: ["gitea"], address: "/srv/gitea/data/gitea/gitea.db"),
        Case(
            recording: "gitea-postgres", likely: ["gitea"],
            address: "postgres://gitea@172.18.0.4:5432/gitea?sslmode=disable", password: "moss/Lantern@71"),
        Case(
            recording: "grafana", likely: ["grafana"],
            address: "/var/lib/docker/volumes/grafana-storage/_data/grafana.db"),
        Case(
            recording: "paperless", likely: ["django"], address: "mysql://paperless@127.0.0.1:13306/paperless",
            passwordFile: "/srv/paperless/db-password"),
        Case(recording: "nexus", likely: [], address: "/opt/nexus/data/nexus.db"),
    ]

    @Test("A recording of docker inspect gives program, address and password", arguments: cases)
    func recorded(_ wanted: Case) throws {
        let found = try Self.program(Self.text("\(wanted.recording).json"), named: nil) { $0 == wanted.address }
        #expect(found.likely == wanted.likely)
        #expect(found.address == wanted.address)
        #expect(found.password == wanted.password)
        #expect(found.passwordFile == wanted.passwordFile)
        #expect(!found.notes.joined().contains("moss"))
    }

    @Test("A compose file gives the same, with what stands in its .env")
    func composed() throws {
        let found = try Self.composed(named: "server")
        #expect(found.container == "forgejo")
        #expect(found.likely == ["gitea"])
        #expect(found.address == "postgres://forgejo@127.0.0.1:15432/forgejo")
        #expect(found.password == "fern #Anvil$9")
        let dashboard = try Self.composed(named: "dashboard")
        #expect(dashboard.address == "/var/lib/docker/volumes/dashboards/_data/grafana.db")
    }

    @Test("An address stays one word, whatever a container calls its host")
    func hostileHost() throws {
        for (host, written) in [
            ("db\u{1B}[2J\n  listen", "db%1B%5B2J%0A%20%20listen"), ("fd00::7\u{0}", "[fd00::7%00]"),
        ] {
            var url = ContainerURL(kind: .postgresql, host: "", name: "gitea", user: "")
            url.host = host
            let address = url.address
            #expect(address == "postgres://\(written):5432/gitea")
        }
    }

    @Test("Of several programs one has to be named, and by a name that is there")
    func several() throws {
        Self.expectRefusal("several containers") { try Self.composed(named: nil) }
        Self.expectRefusal("no container of that name") { try Self.composed(named: "wiki") }
    }

    @Test("A database in a container that is not described is not guessed: the hint says what to describe")
    func missingDatabase() throws {
        let text = try Self.text("gitea-postgres.json")
        let both = try ContainerRecording(text).containers
        let profiles = try ProfileShelf().profiles()
        #expect(both[0].hosts(known: profiles) == ["db"])
        Self.expectRefusal("docker inspect gitea db") {
            try ContainerProgram(in: [both[0]], named: nil, profiles: profiles)
        }
        let found = try ContainerProgram(
            in: [both[0], both[1].alsoNamed("db")], named: "gitea", profiles: profiles)
        #expect(found.password == "moss/Lantern@71")
    }

    @Test("An image that nobody knows may be any program's: where they disagree, which one it is has to be said")
    func unknownImage() throws {
        let text = """
            [{"Name": "/mine", "Config": {"Image": "registry.example.org/mine:1", "Env": []},
              "Mounts": [{"Destination": "/data", "Source": "/srv/a"}, {"Destination": "/var/lib/grafana", "Source": "/srv/b"}]}]
            """
        Self.expectRefusal("--profile NAME") { try Self.program(text, named: nil) }
        Self.expectRefusal("--profile NAME") { try Self.program(text, named: nil) { _ in false } }
        let found = try Self.program(text, named: nil) { $0 == "/srv/a/gitea/gitea.db" }
        #expect(found.address == "/srv/a/gitea/gitea.db")
    }

    @Test(
        "What is no recording is refused without a word of it",
        arguments: [
            "", "[]", "{}", "[1, 2]", "hunter2", "{\"Name\": \"/hunter2\"}",
            "[{\"Config\": {}, \"Config\": {}, \"Name\": \"x\"}]",
            "services: &hunter2 {}", "services: {}", "[{\"Name\": \"/x\", \"Config\": {\"Env\": [\"A=hunter2\"",
            String(repeating: "[", count: 70) + "hunter2" + String(repeating: "]", count: 70),
            "[\"" + String(repeating: "x", count: 262_144) + "\"]",
        ])
    func malformed(_ text: String) {
        let error = #expect(throws: AppsError.self) { try ContainerRecording(text) }
        #expect(error?.code == .badRecording)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("A short file whose names stand for much text is refused")
    func bomb() throws {
        let value = String(repeating: "x", count: 100_000)
        let many = String(repeating: "$BIG", count: 1_000)
        let services = (0..<50).map { "  s\($0):\n    image: gitea/gitea\n    environment:\n      A: \(many)\n" }
        let error = #expect(throws: AppsError.self) {
            try ContainerRecording("services:\n" + services.joined(), folder: "/srv/forge") { _ in "BIG=\(value)\n" }
        }
        #expect(error?.code == .badRecording && error?.description.contains("256 KiB") == true)
    }

    @Test("What lies in no mount, or climbs out of one, is on no path of this machine")
    func mounts() throws {
        let container = try #require(try ContainerRecording(Self.text("gitea-sqlite.json")).containers.first)
        #expect(container.outside("/data/gitea/gitea.db") == "/srv/gitea/data/gitea/gitea.db")
        #expect(container.outside("/data/./x") == "/srv/gitea/data/x")
        #expect(container.outside("/data/../etc/shadow") == nil)
        #expect(container.outside("/database/x") == nil)
        #expect(container.outside("data/x") == "/srv/gitea/data/x")
    }

    @Test(
        "Addresses in the spellings of many libraries",
        arguments: [
            ("postgresql+asyncpg://u:p%40x@h:5433/n?schema=public", "postgres://u@h:5433/n"),
            ("mysql2://u@h/n", "mysql://u@h:3306/n"), ("postgres://h/n", "postgres://h:5432/n"),
            ("postgres://u:a/b@h/n", nil), ("mongodb://h/n", nil), ("postgres:h", nil), ("nothing", nil),
        ] as [(String, String?)])
    func urls(_ text: String, _ address: String?) {
        #expect((try? ContainerURL(text))?.address == address)
    }

    @Test(
        "Addresses of files",
        arguments: [
            ("file:./prisma/x.db", "./prisma/x.db"), ("sqlite:////data/x.db", "/data/x.db"), ("sqlite:///x.db", "x.db"),
            ("file:///data/x.db?mode=rw", "/data/x.db"),
        ])
    func files(_ text: String, _ path: String) throws {
        #expect(try ContainerURL(text).path == path)
    }

    @Test(
        "Images are known by their repository, whatever registry, tag and digest",
        arguments: [
            "gitea/gitea", "docker.io/gitea/gitea:1.24", "localhost:5000/Gitea/Gitea@sha256:00",
            "gitea/gitea:1@sha256:00",
        ])
    func images(_ image: String) {
        #expect(Container.repository(of: image) == "gitea/gitea")
    }

    private static func text(_ name: String) throws -> String {
        let file = ShippedProfileTests.root.appending(path: "Fixtures/containers/\(name)")
        return try String(contentsOf: file, encoding: .utf8)
    }

    private static func program(
        _ text: String, named name: String?, isThere: (String) -> Bool = { _ in true }
    ) throws -> ContainerProgram {
        try ContainerProgram(
            in: ContainerRecording(text).containers, named: name, profiles: ProfileShelf().profiles(), isThere: isThere)
    }

    private static func composed(named name: String?) throws -> ContainerProgram {
        let recording = try ContainerRecording(text("compose.yaml"), folder: "/srv/forge") { path in
            path == "/srv/forge/.env" ? "# secrets\nDB_PASSWORD=\"fern #Anvil$9\"\n" : nil
        }
        return try ContainerProgram(in: recording.containers, named: name, profiles: ProfileShelf().profiles())
    }

    private static func expectRefusal(
        _ words: String, at location: SourceLocation = #_sourceLocation, _ body: () throws -> ContainerProgram
    ) {
        let error = #expect(throws: AppsError.self, sourceLocation: location) { try body() }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")", sourceLocation: location)
    }
}
