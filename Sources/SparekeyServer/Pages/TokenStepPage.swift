import Sparekey

/// Where a link with a token behind `#` opens: a script takes the token out of the address at once and sends it on; without
/// one it is pasted (SEC-14).
struct TokenStepPage: Page {
    static let template = "token-step"
    let title: String
    let introduction: String
    let action: String
    let token: Field
    let submit = SubmitButton(Texts.TokenStep.button)

    static let resetPassword = TokenStepPage(
        title: Texts.TokenStep.resetTitle, introduction: Texts.TokenStep.resetIntroduction, action: .resetToken)
    static let setUp = TokenStepPage(
        title: Texts.TokenStep.setUpTitle, introduction: Texts.TokenStep.setUpIntroduction, action: .setUpToken)

    private init(title: String, introduction: String, action: SiteURL) {
        self.title = title
        self.introduction = introduction
        self.action = action.path
        token = Field(
            "token", label: Texts.TokenStep.token, purpose: .off, hint: Texts.TokenStep.hint, isFirst: true)
    }
}

/// What every token meets that is over, used, mangled or foreign: one page, and what to do next.
struct SpentLinkPage: Page {
    static let template = "spent-link"
    let title = Texts.TokenStep.spentTitle
    let introduction = Texts.TokenStep.spent
    let nextSteps: [String]
    let onward: PageLink

    static let resetPassword = SpentLinkPage(
        nextSteps: Texts.TokenStep.afterSpentReset, onward: PageLink(Texts.TokenStep.askForCode, .forgotPassword))
    static let setUp = SpentLinkPage(
        nextSteps: Texts.TokenStep.afterSpentSetUp, onward: PageLink(Texts.Problems.home, .home))
}

/// The form of the token step.
struct TokenForm: Decodable, Sendable {
    let token: String

    /// Somebody may paste the whole link.
    var pasted: String { token.split(separator: "#").last.map(String.init) ?? "" }
}
