import Sparekey

/// `/admin/requests`: who asked for a reset, and what an administrator does about it (NEX-5).
struct RequestsPage: Page {
    static let template = "requests"
    static let isWide = true
    static let scripts = ["requests.js"]

    /// One request; what it offers depends on its state, and on whose it is.
    struct Row: Sendable {
        let number: Int64
        let name: String
        let state: String
        let stateStyle: String
        let details: String
        let moment: Moment
        let ownText: String?
        let hasActions: Bool
        let actions: [SubmitButton]
    }

    let title = Texts.Requests.title
    let introduction = Texts.Requests.introduction
    let person: PagePerson?
    let banners: [Banner]
    let live: LiveList?
    let openTitle = Texts.Requests.open
    let open: [Row]
    let isOpenEmpty: Bool
    let noneOpen = Texts.Requests.noneOpen
    let recentTitle = Texts.Requests.recent
    let recent: [Row]
    let isRecentEmpty: Bool
    let noneRecent = Texts.Requests.noneRecent
    let newest: PageLink?
    let older: PageLink?

    /// - Parameter before: the request that the page begins behind; nil begins with the newest, and is live.
    init(
        _ caller: SignedIn, _ requests: [CodeRequest], before: Int64?, hasOlder: Bool, banner: Banner?, now: Timestamp
    ) {
        person = PagePerson(caller)
        banners = [banner, caller.isFresh(at: now) ? nil : Banner(Texts.Requests.stale, .warning)].compactMap(\.self)
        live = before == nil ? LiveList() : nil
        let own = caller.account.id
        open = requests.filter(\.isOpen).map { Row($0, isOwn: $0.ownAccountID == own, now: now) }
        recent = requests.filter { !$0.isOpen }.map { Row($0, isOwn: $0.ownAccountID == own, now: now) }
        isOpenEmpty = open.isEmpty
        isRecentEmpty = recent.isEmpty
        newest = before == nil ? nil : PageLink(Texts.Requests.newest, .requests)
        older = hasOlder ? requests.last.map { PageLink(Texts.Requests.older, .olderRequests($0.number)) } : nil
    }
}

extension RequestsPage.Row {
    fileprivate init(_ request: CodeRequest, isOwn: Bool, now: Timestamp) {
        typealias Text = Texts.Requests
        number = request.number
        let typed = DisplayText(request.name, limit: 320).text
        let name = typed.isEmpty ? Text.unreadableName : typed
        self.name = name
        state = request.state.isLive ? Text.live(until: request.expiresAt, now: now) : Text.state(request.state)
        stateStyle = Self.style(request.state)
        details = [
            request.username.map { DisplayText($0).text }.flatMap { $0 == typed ? nil : Text.account($0) },
            request.app.map { Text.app(DisplayText($0).text) }, request.address.map { Text.from(DisplayText($0).text) },
            request.isOverBudget && request.state == .waiting ? Text.overBudget : nil, Text.number(request.number),
        ].compactMap(\.self).joined(separator: " · ")
        moment = Moment(request.requestedAt, now: now)
        let actions = isOwn ? [] : Self.actions(request.state, name: name)
        self.actions = actions
        hasActions = !actions.isEmpty
        ownText = isOwn && request.isOpen ? Text.own : nil
    }

    private static func actions(_ state: CodeRequest.State, name: String) -> [SubmitButton] {
        typealias Text = Texts.Requests
        switch state {
        case .new, .waiting:
            return [
                SubmitButton(Text.approve, .primary, hidden: Text.of(name), to: .approveRequest),
                SubmitButton(Text.deny, .danger, hidden: Text.of(name), to: .denyRequest),
            ]
        case .live: return [SubmitButton(Text.reveal, .primary, hidden: Text.of(name), to: .revealRequest)]
        case .used, .expired, .void, .withheld, .denied, .nobody: return []
        }
    }

    private static func style(_ state: CodeRequest.State) -> String {
        switch state {
        case .new, .waiting: "waiting"
        case .live, .used: "done"
        case .expired, .void, .withheld, .denied, .nobody: "over"
        }
    }
}

extension CodeRequest {
    /// Whether an administrator can still do something about it.
    fileprivate var isOpen: Bool { state == .new || state == .waiting || state == .live }
}

extension CodeRequest.State {
    fileprivate var isLive: Bool { self == .live }
}

/// What the inbox's script is told: where the news are, and every word that it says.
struct LiveList: Sendable {
    let eventsURL = "/api/reset-requests/events"
    let listURL = SiteURL.requests.path
    let onText = Texts.Requests.liveOn
    let offText = Texts.Requests.liveOff
    let brokenText = Texts.Requests.liveBroken
    let oneText = Texts.Requests.oneNew
    let manyText = Texts.Requests.manyNew
    let reload = PageLink(Texts.Requests.reload, .requests)
    let overText = Texts.Requests.over
    let signIn = PageLink(Texts.Requests.signIn, .loginThen(.requests))
}

/// A code, shown once, with how to hand it on. Seeing it again is another reveal, and another row of the trail.
struct RevealedCodePage: Page {
    static let template = "revealed-code"
    let title = Texts.Reveal.title
    let person: PagePerson?
    let introduction: String
    let groups: [String]
    let spokenTitle = Texts.Reveal.spokenTitle
    let spoken: String
    let validity: String
    let steps = Texts.Reveal.steps
    let audited = Texts.Reveal.audited
    let back = PageLink(Texts.Reveal.back, .requests)

    init(_ caller: SignedIn, _ request: CodeRequest, _ code: String, now: Timestamp) {
        person = PagePerson(caller)
        let whom = DisplayText(request.username ?? request.name, limit: 320).text
        introduction = Texts.Reveal.introduction(whom)
        let half = code.count / 2
        groups = [String(code.prefix(half)), String(code.dropFirst(half))]
        spoken = groups.map { $0.map(Texts.Reveal.digit).joined(separator: " ") }.joined(separator: ", ")
        let until = request.expiresAt.map { Moment($0, now: now).exact } ?? ""
        validity = Texts.Reveal.validity(until, Texts.Requests.remaining(until: request.expiresAt, now: now))
    }
}
