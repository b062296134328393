import Hummingbird
import Sparekey

/// The programs that the settings attach, for administrators.
struct AppRoutes: Sendable {
    let flows: ServerFlows

    func add(to api: RouteTable<AdministratorContext>) {
        api.on(.get, "/api/apps", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        JSONAnswer.response(
            SuccessDocument(data: Listing(apps: try await flows.surveyPrograms().map(AppDocument.init))))
    }

    private struct Listing: Encodable, Sendable {
        let apps: [AppDocument]
    }
}

/// A program as the API shows it; what there is no value for is left out.
private struct AppDocument: Encodable, Sendable {
    struct Reset: Encodable, Sendable {
        let reset: Int64
        let username: String
        let at: String
        let state: String
        let undoes: Int64?
    }

    let name: String
    let profile: String
    let program: String?
    let versions: String?
    let database: String
    let state: String
    let detail: String?
    let checkedAt: String?
    let bindings: [String]
    let warnings: [String]
    let resets: [Reset]

    init(_ finding: SurveyPrograms.Finding) {
        let (attached, standing) = (finding.program, finding.standing)
        name = attached.name
        profile = attached.profile
        program = attached.title
        versions = attached.versions
        database = attached.database
        state = standing.state.rawValue
        detail = standing.detail
        checkedAt = standing.at?.rfc3339
        bindings = attached.bindings
        warnings = standing.warnings
        resets = finding.resets.map { record in
            Reset(
                reset: record.number, username: record.username, at: record.at.rfc3339, state: record.state.rawValue,
                undoes: record.undoes)
        }
    }
}
