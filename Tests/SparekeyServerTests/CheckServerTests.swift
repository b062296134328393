import Sparekey
import Testing

@Suite("Doctor's look at the server")
struct CheckServerTests {
    private enum Found: RunningServer {
        case none
        case database(String)
        case failure

        func databaseIdentity() async throws -> String? {
            switch self {
            case .none: nil
            case .database(let identity): identity
            case .failure: throw RecoveryError(.usage, reason: "the server does not answer")
            }
        }
    }

    @Test("none, and one with the same database, are well; any other is not")
    func levels() async {
        #expect(await CheckServer(server: Found.none) { "a" }().level == .ok)
        #expect(await CheckServer(server: Found.database("a")) { "a" }().level == .ok)
        #expect(await CheckServer(server: Found.database("b")) { "a" }().level == .wrong)
        #expect(await CheckServer(server: Found.failure) { "a" }().level == .wrong)
        #expect(await CheckServer(server: Found.database("a")) { nil }().level == .warning)
    }
}
