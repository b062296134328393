import Foundation
import Logging
import ServiceLifecycle
import Sparekey
import Testing

@testable import SparekeyInstance
@testable import SparekeyServer

@Suite("What a server runs")
struct ServerServicesTests {
    @Test("is known by names of ours: the framework would print every one with all that it holds, for its log")
    func names() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let options = InstanceOptions(data: path, config: nil, database: nil, environment: [:])
        let instance = try await Instance.open(options, mayCreate: true)
        let pool = try instance.hashPool()
        let place = PublicPlace(PublicLinks(base: "http://localhost"))
        let server = try await instance.server(pool, place, Logger(label: "test"))
        let names = try server.services().map(\.serviceName)
        #expect(Set(names) == ["worker", "network", "socket", "codes", "sessions", "audit notes"])
        await pool.shutdown()
        await instance.close()
    }
}
