import Sparekey

/// `/admin/audit`: what happened here, who did it, and whether the record of it holds (PMX-6, SEC-10).
struct AuditTrailPage: Page {
    static let template = "audit"
    static let isWide = true

    struct Choice: Sendable {
        let value: String
        let text: String
        let isChosen: Bool
    }

    struct Row: Sendable {
        let number: String
        let sentence: String
        let tag: String?
        let tagStyle: String
        let details: String
        let moment: Moment?
    }

    let title = Texts.Audit.title
    let person: PagePerson?
    let chain: Banner
    let verifyURL = SiteURL.auditVerify.path
    let verifyButton = SubmitButton(Texts.Audit.verify, .quiet)
    let chart: ResetChart
    let filterURL = SiteURL.audit.path
    let filterTitle = Texts.Audit.filter
    let personLabel = Texts.Audit.person
    let typedPerson: String
    let actionLabel = Texts.Audit.action
    let actions: [Choice]
    let outcomeLabel = Texts.Audit.outcome
    let outcomes: [Choice]
    let fromLabel = Texts.Audit.from
    let typedFrom: String
    let toLabel = Texts.Audit.to
    let typedTo: String
    let search = SubmitButton(Texts.Audit.search)
    let clear: PageLink?
    let export: PageLink
    let rowsTitle = Texts.Audit.rows
    let rowsHelp = Texts.Audit.rowsHelp
    let rows: [Row]
    let noRows: String?
    let newest: PageLink?
    let older: PageLink?

    init(
        _ caller: SignedIn, _ query: AuditQuery, _ finding: SearchAuditTrail.Finding, chain: Banner, chart: ResetChart,
        now: Timestamp
    ) {
        typealias Text = Texts.Audit
        person = PagePerson(caller)
        self.chain = chain
        self.chart = chart
        typedPerson = query.person
        (typedFrom, typedTo) = (query.from, query.to)
        actions =
            [Choice(value: "", text: Text.any, isChosen: query.action == nil)]
            + AuditEvent.Action.allCases.map {
                Choice(value: $0.rawValue, text: Text.label($0), isChosen: $0 == query.action)
            }
        outcomes =
            [Choice(value: "", text: Text.any, isChosen: query.outcome == nil)]
            + AuditEvent.Outcome.allCases.map {
                Choice(value: $0.rawValue, text: Text.outcome($0), isChosen: $0 == query.outcome)
            }
        rows = finding.rows.map { Row($0, now: now) }
        noRows = finding.rows.isEmpty ? (finding.isUnfinished ? Text.noneYet : Text.none) : nil
        clear = query.isEmpty ? nil : PageLink(Text.clear, .audit)
        var all = query
        all.before = nil
        export = PageLink(all.isEmpty ? Text.exportAll : Text.exportFound, .auditExport(all))
        newest = query.before == nil ? nil : PageLink(Text.newest, .auditShowing(all))
        var next = query
        next.before = finding.next
        older =
            finding.next == nil ? nil : PageLink(finding.isUnfinished ? Text.further : Text.older, .auditShowing(next))
    }
}

extension AuditTrailPage.Row {
    fileprivate init(_ row: AuditRow, now: Timestamp) {
        typealias Text = Texts.Audit
        guard let record = try? AuditRecord(row), let action = record.action else {
            self.init(
                number: row.sequence.map(String.init) ?? "?", sentence: Text.unreadable, tag: nil, tagStyle: "over",
                details: "", moment: nil)
            return
        }
        let clean = { (text: String?) in text.map { DisplayText($0, limit: 320).text } }
        let whom = clean(record.username) ?? clean(record.app)
        let outcome = record.outcome.flatMap(AuditEvent.Outcome.init)
        let details = [
            Text.actor(
                record.actorKind, clean(record.userName), uid: record.realUserID, claimed: clean(record.claimedUser)),
            clean(record.address).map(Text.fromAddress), record.proof.flatMap { Text.proof(DisplayText($0).text) },
            clean(record.app).map(Text.app), clean(record.reason).map(Text.reason), Text.row(record.sequence),
        ]
        self.init(
            number: String(record.sequence),
            sentence: AuditEvent.Action(rawValue: action).map { Text.sentence($0, whom) } ?? DisplayText(action).text,
            tag: outcome == .done ? nil : outcome.map(Text.outcome), tagStyle: outcome == .refused ? "waiting" : "over",
            details: details.compactMap(\.self).joined(separator: " · "),
            moment: record.at.map { Moment($0, now: now) })
    }
}

/// Resets a day for the last thirty days: bars for eyes, and the same figures as a table.
struct ResetChart: Sendable {
    struct Day: Sendable {
        let x: Int
        let y: Int
        let height: Int
        let name: String
        let count: Int
    }

    static let days: Int64 = 30
    private static let height = 96

    let chartTitle: String
    let chartDescription: String
    let chartDays: [Day]
    let firstDay: String
    let lastDay = Texts.Audit.today
    let tableTitle = Texts.Audit.table
    let dayHeading = Texts.Audit.day
    let countHeading = Texts.Audit.resets

    /// - Parameter counts: ``ResetTally/resets(since:)``.
    init(_ counts: [Int64: Int], now: Timestamp) {
        let today = Self.day(of: now)
        let days = (today - Self.days + 1)...today
        let most = days.map { counts[$0] ?? 0 }.max() ?? 0
        chartDays = days.enumerated().map { index, day in
            let count = counts[day] ?? 0
            let height = count == 0 ? 1 : max(4, Self.height * count / max(1, most))
            return Day(x: index * 20, y: Self.height - height, height: height, name: Self.name(day), count: count)
        }
        let total = days.reduce(0) { $0 + (counts[$1] ?? 0) }
        chartTitle = Texts.Audit.chart
        chartDescription = Texts.Audit.chartDescription(total: total, most: most)
        firstDay = Self.name(days.lowerBound)
    }

    /// The first moment that the chart shows.
    static func begin(_ now: Timestamp) -> Timestamp {
        Timestamp(microseconds: (day(of: now) - days + 1) * 86_400_000_000)
    }

    private static func day(of time: Timestamp) -> Int64 { time.microseconds / 86_400_000_000 }

    /// `21 Nov`.
    private static func name(_ day: Int64) -> String {
        let time = Timestamp(microseconds: day * 86_400_000_000)
        return Moment(time, now: time).exact.split(separator: " ").prefix(2).joined(separator: " ")
    }
}
