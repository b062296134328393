import Hummingbird
import Sparekey

/// Whose passwords a self-service page is about: this server's own, or those of an attached app, which the address names.
struct ForgottenPlace: Sendable {
    /// As the operator calls it; nil for the own directory.
    let app: String?
    /// As people know it.
    let title: String?
    let policy: PasswordPolicy

    init(_ directory: RecoverableDirectory) {
        app = directory.directory.app?.name
        title = directory.title
        policy = directory.accept.judge.policy
    }

    /// - Throws: ``RecoveryError`` `unknownApp`, `appUnavailable`.
    init(_ directories: any RecoverableDirectories, _ context: VisitorContext) throws {
        self.init(try directories.named(context.parameters.get("app")))
    }

    var request: SiteURL { app.map(SiteURL.forgotPasswordIn) ?? .forgotPassword }
    var code: SiteURL { app.map(SiteURL.resetCodeIn) ?? .resetCode }
    var done: SiteURL { app.map(SiteURL.resetIn) ?? .loginAfter(.passwordReset) }
    /// An app's people sign in at the app.
    var back: PageLink? { app == nil ? PageLink(Texts.Forgot.back, .login) : nil }
}

/// `/forgot-password/APP/done`: where to go on with a new password of an app, which signs nobody in here.
struct AppResetPage: Page {
    static let template = "app-reset"
    let title: String
    let introduction: String
    let nextSteps: [String]

    init(_ app: String) {
        title = Texts.Forgot.doneTitle(app)
        introduction = Texts.Forgot.done(app)
        nextSteps = Texts.Forgot.doneSteps(app)
    }
}
