import Foundation
import SparekeyApps
import Testing

@testable import SparekeyInstance

/// The engine's program is run by its path, with an environment of its own, and for so long only.
@Suite("Container engine")
struct ContainerEngineTests {
    private static let engines = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/containers/engines").path

    /// A program in docker's place.
    private func engine(_ name: String, patience: Duration = .seconds(60)) -> ContainerEngine {
        ContainerEngine(
            programs: ["/nonexistent/docker", "\(Self.engines)/\(name)"],
            environment: ["HOME": "/h", "SECRET": "x", "LD_PRELOAD": "/y"], patience: patience)
    }

    @Test("It is given the words and little of the environment")
    func words() throws {
        let text = try engine("telling").inspect(["gitea", "db"])
        #expect(text.hasPrefix("inspect --type container gitea db\nHOME=/h\nPATH="))
        #expect(!text.contains("SECRET") && !text.contains("LD_PRELOAD"))
    }

    @Test(
        "A refusal, silence, a flood and no engine at all name the way that needs none",
        arguments: ["refusing", "silent", "flooding", "missing"])
    func failures(_ name: String) throws {
        let patience = name == "silent" ? Duration.milliseconds(200) : .seconds(60)
        let error = #expect(throws: InstanceError.self) { try engine(name, patience: patience).inspect(["gitea"]) }
        #expect(error?.code == .unavailable)
        #expect(error?.hint?.contains("docker inspect gitea | sparekey apps add NAME --inspect -") == true)
    }

    @Test("A database that compose has named by project and number is found by its service, and in this project only")
    func composed() throws {
        let options = InstanceOptions(data: "/nonexistent", config: nil, database: nil, environment: [:])
        let found = try Instance.program(
            inContainer: "forge-server-1", profile: nil, engine: engine("composed"), options)
        #expect(found.address == "postgres://gitea@172.18.0.4:5432/gitea?sslmode=disable")
        #expect(found.password == "moss")
        #expect(found.notes.contains { $0.contains("forge-db-1") })
    }

    @Test(
        "Nothing that could be an option is a container's name",
        arguments: ["", "-f", "--help", "a b", "a;b", "../x", "a/b"])
    func names(_ name: String) {
        let error = #expect(throws: InstanceError.self) { try engine("telling").inspect([name]) }
        #expect(error?.code == .badSettings)
    }
}
