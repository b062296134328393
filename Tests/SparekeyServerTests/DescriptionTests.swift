import Foundation
import HTTPTypes
import Logging
import Sparekey
import Testing

@testable import SparekeyInstance
@testable import SparekeyServer

@Suite("The API's description")
struct DescriptionTests {
    private let document = APIDescription(calls: APIDescription.calls).document

    @Test("every route and method is described, and nothing described is missing")
    func complete() async throws {
        let described = Set(APIDescription.calls.map { "\($0.method) \($0.path)" })
        #expect(described == (try await Self.routes()))
        #expect(described.count == APIDescription.calls.count)
        let operations = try members(document["paths"]).flatMap { path, operations in
            try members(operations).keys.map { "\($0.uppercased()) \(path)" }
        }
        #expect(Set(operations) == Set(APIDescription.calls.map { "\($0.method) \($0.template)" }))
    }

    @Test("every call has a name of its own")
    func names() {
        #expect(Set(APIDescription.calls.map(\.name)).count == APIDescription.calls.count)
    }

    @Test("the types of a problem are all there are")
    func problemTypes() {
        let types = document["components"]?["schemas"]?["Problem"]?["properties"]?["type"]?["enum"]
        #expect(types == .list(ProblemKind.all.map { .text($0.type) }))
    }

    @Test("each answer names a status once, and every refusal the call has")
    func answers() throws {
        for call in APIDescription.calls {
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
    private static func routes() async throws -> Set<String> {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let options = InstanceOptions(data: folder.path, config: nil, database: nil, environment: [:])
        let instance = try await Instance.open(options, mayCreate: true)
        let known = KnownRoutes()
        let router = APIRouter(
            flows: try await instance.serverFlows(), metrics: ServerMetrics(), addresses: CallerAddress(trusted: []),
            book: ConnectionBook { _ in false }, databaseIdentity: "", logger: Logger(label: "test"))
        _ = router.network(known: known)
        await instance.close()
        return Set(known.all.flatMap { path, methods in methods.map { "\($0) \(path)" } })
    }
}
