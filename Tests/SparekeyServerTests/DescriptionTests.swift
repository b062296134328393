import Foundation
import HTTPTypes
import Logging
import Sparekey
import SparekeyStore
import Testing

@testable import SparekeyInstance
@testable import SparekeyServer

@Suite("The API's description")
struct DescriptionTests {
    private let description = APIDescription(hasSyncKeys: true)
    private var document: JSONTree { description.document }

    @Test("every route and method is described, and nothing described is missing", arguments: [true, false])
    func complete(_ hasSyncKeys: Bool) async throws {
        let description = APIDescription(hasSyncKeys: hasSyncKeys)
        let described = Set(description.calls.map { "\($0.method) \($0.path)" })
        #expect(described == (try await Self.routes(hasSyncKeys: hasSyncKeys)))
        let operations = try members(description.document["paths"]).flatMap { path, operations in
            try members(operations).keys.map { "\($0.uppercased()) \(path)" }
        }
        #expect(Set(operations) == Set(description.calls.map { "\($0.method) \($0.template)" }))
        #expect(operations.count == description.calls.count)
    }

    @Test("every call has a name of its own")
    func names() {
        #expect(Set(description.calls.map(\.name)).count == description.calls.count)
    }

    @Test("the types of a problem are all there are")
    func problemTypes() {
        let types = document["components"]?["schemas"]?["Problem"]?["properties"]?["type"]?["enum"]
        #expect(types == .list(ProblemKind.all.map { .text($0.type) }))
    }

    @Test("each answer names a status once, and every refusal the call has")
    func answers() throws {
        for call in description.calls {
            let path = try #require(document["paths"]?[call.template]?[call.method.rawValue.lowercased()])
            let responses = try members(path["responses"])
            let own = Set(call.answers.map(\.status))
            #expect(own.isDisjoint(with: call.allProblems.map(\.status.code)), "\(call.name)")
            for kind in call.allProblems {
                let schema = responses[String(kind.status.code)]?["content"]?["application/problem+json"]?["schema"]
                guard case .list(let types)? = schema?["properties"]?["type"]?["enum"] else {
                    Issue.record("\(call.name) does not describe \(kind.name)")
                    continue
                }
                #expect(types.contains(.text(kind.type)))
            }
        }
    }

    @Test("every reference leads somewhere")
    func references() throws {
        let known = try members(document["components"]?["schemas"]).keys.map { "#/components/schemas/\($0)" }
        #expect(Self.references(in: document).isSubset(of: known))
    }

    private func members(_ tree: JSONTree?) throws -> [String: JSONTree] {
        guard case .members(let members)? = tree else { throw ProblemKindMissing() }
        return members
    }

    private struct ProblemKindMissing: Error {}

    private static func references(in tree: JSONTree) -> Set<String> {
        switch tree {
        case .list(let elements): Set(elements.flatMap { references(in: $0) })
        case .members(let members):
            Set(
                members.flatMap { name, value -> Set<String> in
                    if name == "$ref", case .text(let target) = value { return [target] }
                    return references(in: value)
                })
        default: []
        }
    }

    /// What the router of a real instance takes.
    private static func routes(hasSyncKeys: Bool) async throws -> Set<String> {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let options = InstanceOptions(data: folder.path, config: nil, database: nil, environment: [:])
        var instance = try await Instance.open(options, mayCreate: true)
        let pool = try instance.hashPool()
        instance.hashing = pool
        if hasSyncKeys { instance.syncKeyTable = SyncKeyTable(register: instance.store, key: instance.store.key) }
        let known = KnownRoutes()
        let router = APIRouter(
            flows: try await flows(instance, pool), metrics: ServerMetrics(),
            addresses: CallerAddress(trusted: []), book: ConnectionBook { _ in false }, databaseIdentity: "",
            logger: Logger(label: "test"))
        _ = router.network(known: known)
        await pool.shutdown()
        await instance.close()
        return Set(known.all(.api).flatMap { path, methods in methods.map { "\($0) \(path)" } })
    }

    private static func flows(_ instance: Instance, _ pool: HashPool) async throws -> ServerFlows {
        let rehash = RehashQueue(
            rehash: instance.rehashPassword(pool), needsRehash: NeedsRehash(to: instance.hasher.cost))
        return try await instance.serverFlows(
            instance.signInFloor(pool), rehash, instance.programWatch(),
            PublicPlace(PublicLinks(base: "http://127.0.0.1")))
    }
}
