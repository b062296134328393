import Hummingbird
import Sparekey

/// `/account`: who somebody is here, where they are signed in, and what happened to the account (PAL-4).
struct AccountPage: Page {
    struct Session: Sendable {
        let id: String
        let device: String
        let details: String
        let isHere: Bool
        let hereText = Texts.Account.here
        let end: SubmitButton
    }

    struct Event: Sendable {
        let text: String
        let detail: String?
        let moment: Moment
    }

    static let template = "account"
    static let isWide = true
    let title = Texts.Account.title
    let person: PagePerson?
    let banners: [Banner]
    let name: String
    let usernameLabel = Texts.Account.username
    let username: String
    let emailLabel = Texts.Account.email
    let email: String
    let changePassword = PageLink(Texts.Account.changePassword, .changePassword)
    let sessionsTitle = Texts.Account.sessions
    let sessionsHelp = Texts.Account.sessionsHelp
    let sessions: [Session]
    let hasOtherSessions: Bool
    let endURL = SiteURL.endSession.path
    let endOthersURL = SiteURL.endOtherSessions.path
    let endOthers = SubmitButton(Texts.Account.endOthers, .danger)
    let eventsTitle = Texts.Account.events
    let eventsHelp = Texts.Account.eventsHelp
    let events: [Event]
    let noEvents: String?

    init(
        _ caller: SignedIn, sessions: [SessionRecord], events: [SecurityEvent], notice: SiteURL.Notice?, now: Timestamp
    ) {
        let account = caller.account
        person = PagePerson(caller)
        banners = [notice.map(Self.banner), Self.resetBanner(events, caller)].compactMap(\.self)
        name = account.displayName.isEmpty ? account.username : account.displayName
        username = account.username
        email = account.email ?? Texts.Account.noEmail
        // The calling one first.
        let ordered = sessions.filter { $0.id == caller.session.id } + sessions.filter { $0.id != caller.session.id }
        self.sessions = ordered.map { Self.session($0, isHere: $0.id == caller.session.id, now: now) }
        hasOtherSessions = sessions.count > 1
        self.events = events.map { event in
            Event(
                text: Texts.Account.event(event), detail: event.address.map(Texts.Account.from),
                moment: Moment(event.at, now: now))
        }
        noEvents = events.isEmpty ? Texts.Account.noEvents : nil
    }

    private static func session(_ record: SessionRecord, isHere: Bool, now: Timestamp) -> Session {
        let device = DeviceName(record.device)?.text ?? Texts.Account.unknownDevice
        let details = [
            Texts.Account.lastUsed(Moment(record.lastUsedAt, now: now).spoken),
            Texts.Account.begun(Moment(record.createdAt, now: now).spoken),
            record.address.map(Texts.Account.from),
        ].compactMap(\.self).joined(separator: ", ")
        return Session(
            id: record.id, device: device, details: details, isHere: isHere,
            end: SubmitButton(Texts.Account.endSession, .quiet, hidden: Texts.Account.endSession(of: device)))
    }

    private static func banner(_ notice: SiteURL.Notice) -> Banner {
        switch notice {
        case .passwordChanged: Banner(Texts.Account.passwordChanged, .good)
        case .sessionEnded: Banner(Texts.Account.sessionEnded, .good)
        case .othersEnded: Banner(Texts.Account.othersEnded, .good)
        }
    }

    /// Said at the first sign-in after a reset, and as long as that session lasts.
    private static func resetBanner(_ events: [SecurityEvent], _ caller: SignedIn) -> Banner? {
        guard let reset = events.first(where: { $0.action == .passwordReset }), reset.at < caller.session.createdAt
        else { return nil }
        let seenBefore = events.contains {
            $0.action == .signedIn && $0.at > reset.at && $0.at < caller.session.createdAt
        }
        guard !seenBefore else { return nil }
        let isChanged = events.contains { $0.action == .passwordChanged && $0.at > reset.at }
        let moment = Moment(reset.at, now: reset.at)
        return Banner(
            Texts.Account.passwordWasReset(Texts.Account.event(reset), moment.exact), .warning,
            lines: [isChanged ? Texts.Account.passwordWasResetAndChanged : Texts.Account.passwordWasResetHelp])
    }
}

struct AccountRoutes: Sendable {
    let flows: ServerFlows
    let pages: PageRenderer

    func add(to free: RouteTable<FreeContext>) {
        free.on(.get, SiteURL.account.path, use: show)
        free.on(.post, SiteURL.endSession.path, use: end)
        free.on(.post, SiteURL.endOtherSessions.path, use: endOthers)
    }

    @Sendable private func show(_ request: Request, _ context: FreeContext) async throws -> Response {
        let notice = request.uri.queryParameters["done"].flatMap { SiteURL.Notice(rawValue: String($0)) }
        let caller = context.caller
        let page = AccountPage(
            caller, sessions: try await flows.sessions.sessions(of: caller.account),
            events: try await flows.pages.events(of: caller.account, limit: 12), notice: notice, now: flows.clock.now)
        return pages.response(page, for: context.browser)
    }

    /// One that has ended already is ended: nobody is told off for it.
    @Sendable private func end(_ request: Request, _ context: FreeContext) async throws -> Response {
        let form = try await FormBody.read(EndSessionForm.self, request)
        try await flows.endSession(form.session, of: context.caller.account, address: context.address)
        return .seeOther(.accountAfter(.sessionEnded))
    }

    @Sendable private func endOthers(_ request: Request, _ context: FreeContext) async throws -> Response {
        try await flows.endSession.others(than: context.caller, address: context.address)
        return .seeOther(.accountAfter(.othersEnded))
    }
}

private struct EndSessionForm: Decodable, Sendable {
    let session: String
}
