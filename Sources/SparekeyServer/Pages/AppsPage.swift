import Hummingbird
import Sparekey

/// `/admin/apps`: the programs that the settings attach, whether a reset could be made there now, and the last ones.
struct AppsPage: Page {
    /// One program.
    struct Row: Sendable {
        let id: String
        let name: String
        let state: String
        let stateStyle: String
        let detail: String?
        let facts: [Fact]
        let bindingsTitle = Texts.Apps.bindings
        let hasBindings: Bool
        let bindings: [String]
        let warnings: [Banner]
        let resetsTitle = Texts.Apps.resets
        let noResets: String?
        let hasResets: Bool
        let resets: [Reset]
    }

    struct Fact: Sendable {
        let label: String
        let text: String
    }

    struct Reset: Sendable {
        let text: String
        let detail: String
        let tag: String?
        let moment: Moment
    }

    static let template = "apps"
    static let isWide = true
    let title = Texts.Apps.title
    let introduction = Texts.Apps.introduction
    let person: PagePerson?
    let rows: [Row]
    let isEmpty: Bool
    let noneText = Texts.Apps.none
    let noneHelp = Texts.Apps.noneHelp
    let reload = PageLink(Texts.Apps.reload, .apps)

    init(_ caller: SignedIn, _ findings: [SurveyPrograms.Finding], now: Timestamp) {
        person = PagePerson(caller)
        rows = findings.map { Row($0, now: now) }
        isEmpty = rows.isEmpty
    }
}

extension AppsPage.Row {
    fileprivate init(_ finding: SurveyPrograms.Finding, now: Timestamp) {
        typealias Text = Texts.Apps
        let (program, standing) = (finding.program, finding.standing)
        id = "app-\(program.name)"
        name = program.name
        state = Text.state(standing.state)
        stateStyle = Self.style(standing.state)
        detail = standing.state == .fits ? nil : standing.detail ?? Text.lookingHelp
        let kind = standing.state == .fits ? standing.detail.map { "\(program.database) (\($0))" } : nil
        facts = [
            program.title.map { AppsPage.Fact(label: Text.program, text: $0) },
            AppsPage.Fact(label: Text.profile, text: Text.profile(program.profile, program.versions)),
            AppsPage.Fact(label: Text.database, text: kind ?? program.database),
            standing.at.map { AppsPage.Fact(label: Text.looked, text: Moment($0, now: now).spoken) },
        ].compactMap(\.self)
        bindings = program.bindings
        hasBindings = !program.bindings.isEmpty
        warnings = standing.warnings.map { Banner(Text.warning($0), .warning) }
        resets = finding.resets.map { AppsPage.Reset($0, now: now) }
        hasResets = !finding.resets.isEmpty
        noResets = finding.resets.isEmpty ? Text.noResets : nil
    }

    private static func style(_ state: ProgramStanding.State) -> String {
        switch state {
        case .fits: "done"
        case .misfit, .unreachable: "bad"
        case .unknown: "waiting"
        }
    }
}

extension AppsPage.Reset {
    fileprivate init(_ record: ResetRecord, now: Timestamp) {
        let name = DisplayText(record.username).text
        text = record.undoes == nil ? name : Texts.Apps.undone(name)
        detail = Texts.Apps.number(record.number)
        tag = record.state == .done ? nil : Texts.Apps.state(record.state)
        moment = Moment(record.at, now: now)
    }
}

struct AppsPageRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer

    func add(to administrators: RouteTable<AdministratorContext>) {
        administrators.on(.get, SiteURL.apps.path, use: show)
    }

    @Sendable private func show(_ request: Request, _ context: AdministratorContext) async throws -> Response {
        let page = AppsPage(context.caller, try await flows.surveyPrograms(), now: flows.clock.now)
        return pages.response(page, for: context.browser)
    }
}
