import Sparekey

/// `/admin/users/ID/reset`: somebody else's password, by a link with which they do it, or a temporary one (PMX-5). The list's
/// dialog is this page too.
struct ResetUserPage: Page {
    static let template = "reset-user"
    static let scripts = ["users.js"]
    let title: String
    let person: PagePerson?
    let who: String
    let banners: [Banner]
    let action: String
    /// Makes each form good for one time.
    let mark: String
    let linkTitle = Texts.Reset.linkTitle
    let recommended = Texts.Reset.recommended
    let linkHelp: String
    let makeLink = SubmitButton(Texts.Reset.makeLink)
    let passwordTitle: String?
    let passwordHelp = Texts.Reset.passwordHelp
    let generate = SubmitButton(Texts.Reset.generate, .quiet)
    let ownTitle = Texts.Reset.ownTitle
    let password: Field
    let strengthURL: String
    let strengthLabel = Texts.Reset.strength
    let set = SubmitButton(Texts.Reset.set, .quiet)
    let cancel = PageLink(Texts.Users.back, .users)
    /// For password managers, which must not take it for the administrator's own.
    let username: String

    init(
        _ caller: SignedIn, _ account: Account, mark: String, policy: PasswordPolicy, takesPassword: Bool,
        banners: [Banner]
    ) {
        title = Texts.Reset.title(account.username)
        person = PagePerson(caller)
        who = Texts.Reset.who(account.displayName, account.email)
        self.banners = (account.isActive ? [] : [Banner(Texts.Reset.isDisabled, .warning)]) + banners
        action = SiteURL.user(account.id, .reset).path
        self.mark = mark
        linkHelp = Texts.Reset.linkHelp
        passwordTitle = takesPassword ? Texts.Reset.passwordTitle : nil
        password = Field(
            "new-password", label: Texts.Reset.password, purpose: .newPassword, requirements: Requirements(policy))
        strengthURL = SiteURL.strength(account.id).path
        username = account.username
    }
}

/// Shows a link or a password, this once.
struct HandoverPage: Page {
    static let template = "handover"
    static let scripts = ["users.js"]
    let title: String
    let person: PagePerson?
    let banner: Banner
    let secretLabel: String
    let secret: String
    let lines: [String]
    let warning: Banner?
    /// The link as a picture of modules: a path, its place and its side.
    let qrPath: String?
    let qrBox: String?
    let qrLabel = Texts.Handover.qr
    let once = Texts.Handover.once
    let copyText = Texts.Handover.copy
    let copiedText = Texts.Handover.copied
    let closesText = Texts.Handover.closes
    let pauseText = Texts.Handover.pause
    let goOnText = Texts.Handover.goOn
    let done = PageLink(Texts.Handover.done, .users)
    /// Where loading the page again leads.
    let again: String

    init(_ caller: SignedIn, _ account: Account, link: String, expiresAt: Timestamp, now: Timestamp, isNew: Bool) {
        title = Texts.Handover.linkTitle(account.username)
        person = PagePerson(caller)
        banner = Banner(isNew ? Texts.Handover.added : Texts.Handover.linkMade, .good)
        secretLabel = Texts.Handover.link
        secret = link
        lines = Texts.Handover.linkLines(until: Moment(expiresAt, now: now).exact)
        warning = account.isActive ? nil : Banner(Texts.Reset.isDisabled, .warning)
        let code = QRCode(link)
        qrPath = code?.path
        qrBox = code?.box
        again = SiteURL.user(account.id, .reset).path
    }

    init(_ caller: SignedIn, _ report: ResetReport, password: String, now: Timestamp) {
        let account = report.account
        title = Texts.Handover.passwordTitle(account.username)
        person = PagePerson(caller)
        banner = Banner(Texts.Handover.passwordSet, .good)
        secretLabel = Texts.Handover.password
        secret = password
        lines = Texts.Handover.passwordLines(
            mustChange: report.requirePasswordChange, until: report.expiresAt.map { Moment($0, now: now).exact })
        warning =
            report.superseded
            ? Banner(Texts.Handover.superseded, .warning)
            : account.isActive ? nil : Banner(Texts.Reset.isDisabled, .warning)
        (qrPath, qrBox) = (nil, nil)
        again = SiteURL.user(account.id, .reset).path
    }

    /// Of an account that was just added with a password that the administrator chose.
    init(_ caller: SignedIn, added account: Account, password: String, now: Timestamp) {
        title = Texts.Handover.passwordTitle(account.username)
        person = PagePerson(caller)
        banner = Banner(Texts.Handover.addedWithPassword, .good)
        secretLabel = Texts.Handover.password
        secret = password
        lines = Texts.Handover.passwordLines(
            mustChange: account.requirePasswordChange,
            until: account.passwordExpiresAt.map { Moment($0, now: now).exact })
        (warning, qrPath, qrBox) = (nil, nil, nil)
        again = SiteURL.user(account.id, .reset).path
    }
}

/// The code for SVG: dark runs of a row as rectangles of one path.
extension QRCode {
    fileprivate var box: String {
        let side = width + 2 * Self.margin
        return "\(-Self.margin) \(-Self.margin) \(side) \(side)"
    }

    fileprivate var path: String {
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                let start = column
                while isDark(row, column) { column += 1 }
                if column > start { path += "M\(start) \(row)h\(column - start)v1h-\(column - start)z" }
                column += 1
            }
        }
        return path
    }
}
