import HTTPTypes
import Testing

@testable import SparekeyServer

@Suite("Problem kinds")
struct ProblemKindTests {
    /// Clients compare these: a line may be added, none may change.
    static let pinned: [(type: String, status: Int)] = [
        ("urn:sparekey:problem:malformed-request", 400), ("urn:sparekey:problem:not-signed-in", 401),
        ("urn:sparekey:problem:sign-in-refused", 401), ("urn:sparekey:problem:must-change-password", 403),
        ("urn:sparekey:problem:form-refused", 403), ("urn:sparekey:problem:not-allowed", 403),
        ("urn:sparekey:problem:own-account", 403), ("urn:sparekey:problem:other-origin", 403),
        ("urn:sparekey:problem:sign-in-too-old", 403), ("urn:sparekey:problem:wrong-current-password", 403),
        ("urn:sparekey:problem:not-found", 404), ("urn:sparekey:problem:method-not-allowed", 405),
        ("urn:sparekey:problem:taken", 409), ("urn:sparekey:problem:too-large", 413),
        ("urn:sparekey:problem:invalid-reset-code", 400), ("urn:sparekey:problem:invalid-reset-token", 400),
        ("urn:sparekey:problem:request-closed", 409),
        ("urn:sparekey:problem:unsupported-media-type", 415), ("urn:sparekey:problem:password-refused", 422),
        ("urn:sparekey:problem:too-many-requests", 429), ("urn:sparekey:problem:internal-error", 500),
        ("urn:sparekey:problem:unavailable", 503),
        ("urn:sparekey:problem:program-unavailable", 503),
    ]

    @Test("every type and status is what it always was")
    func unchanged() {
        let all = ProblemKind.all.map { "\($0.type) \($0.status.code)" }
        #expect(all.sorted() == Self.pinned.map { "\($0.type) \($0.status)" }.sorted())
    }
}
