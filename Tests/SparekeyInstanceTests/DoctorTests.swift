import Foundation
import Sparekey
import Testing

@testable import SparekeyInstance

@Suite("Doctor")
struct DoctorTests {
    @Test("an instance that was just made has one fault: nobody is in it")
    func fresh() async throws {
        try await Self.withInstance { options, folder in
            let before = try Self.listing(folder)
            let examination = await Doctor(options)()
            #expect(examination.checks.filter { $0.level == .wrong }.map(\.name) == ["administrators"])
            #expect(examination.settings.map(\.key) == settingTable.map(\.key))
            #expect(try Self.listing(folder) == before)
        }
    }

    @Test("it reads beside an instance that is open, and what that one has written")
    func besideOpen() async throws {
        try await Self.withInstance { options, _ in
            let instance = try await Instance.open(options, mayCreate: false)
            let examination = await Doctor(options)()
            #expect(examination.checks.first { $0.name == "database" }?.level == .ok)
            await instance.close()
        }
    }

    @Test("a folder that is not there is told, and not made")
    func missing() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)").path
        let examination = await Doctor(Self.options(path))()
        #expect(!examination.isHealthy)
        #expect(examination.checks.first { $0.name == "data folder" }?.level == .wrong)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("settings that cannot be read are a check, not a crash")
    func badSettings() async throws {
        let examination = await Doctor(Self.options("/nowhere", ["SPAREKEY_POLICY": "strictest"]))()
        #expect(examination.checks.map(\.name) == ["settings"])
        #expect(!examination.isHealthy)
        #expect(examination.settings.isEmpty)
    }

    @Test(
        "an address without encryption is a warning, except on this machine",
        arguments: [
            ("http://sparekey.example.org", false), ("http://127.0.0.1.example.org", false), ("http://10.0.0.1", false),
            ("https://sparekey.example.org", true), ("http://localhost:8080", true), ("http://127.0.0.1:8080/x", true),
            ("http://[::1]:8080", true),
        ])
    func publicAddress(_ url: String, isOK: Bool) async throws {
        let examination = await Doctor(Self.options("/nowhere", ["SPAREKEY_PUBLIC_URL": url]))()
        let check = try #require(examination.checks.first { $0.name == "public address" })
        #expect(check.level == (isOK ? .ok : .warning))
    }

    @Test("a password in the database's address is masked in the listing")
    func masked() async throws {
        let address = "postgres://sparekey:zqxj-secret@127.0.0.1:1/none"
        let examination = await Doctor(Self.options("/nowhere", ["SPAREKEY_DATABASE": address]))()
        #expect(!"\(examination)".contains("zqxj-secret"))
        #expect(examination.settings.contains { $0.value == "postgres://sparekey:********@127.0.0.1:1/none" })
    }

    private static func options(_ data: String, _ environment: [String: String] = [:]) -> InstanceOptions {
        InstanceOptions(data: data, config: nil, database: nil, environment: environment)
    }

    private static func withInstance(_ body: (InstanceOptions, URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let options = options(folder.path)
        try await Instance.open(options, mayCreate: true).close()
        try await body(options, folder)
    }

    private static func listing(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}
