import PasswordHashing
import Sparekey

/// `/admin/users/new`.
struct NewUserPage: Page {
    static let template = "new-user"
    let title = Texts.NewUser.title
    let person: PagePerson?
    let banner: Banner?
    let action = SiteURL.newUser.path
    let username: Field
    let email: Field
    let displayName: Field
    let role: AdministratorBox
    let firstSignIn = Texts.NewUser.firstSignIn
    let linkLabel = Texts.NewUser.link
    let linkHint = Texts.NewUser.linkHint
    let recommended = Texts.Reset.recommended
    let takesPassword: Bool
    let choosesPassword: Bool
    let passwordLabel = Texts.NewUser.password
    let password: Field
    let submit = SubmitButton(Texts.NewUser.button)
    let cancel = PageLink(Texts.Users.back, .users)

    init(
        _ caller: SignedIn, policy: PasswordPolicy, takesPassword: Bool, form: NewUserForm? = nil,
        banner: Banner? = nil
    ) {
        person = PagePerson(caller)
        self.banner = banner
        self.takesPassword = takesPassword
        choosesPassword = form?.way == "password"
        username = UserFields.username(form?.username ?? "", isFirst: true)
        email = UserFields.email(form?.email ?? "")
        displayName = UserFields.displayName(form?.displayName ?? "")
        role = AdministratorBox(isChecked: form?.admin == "yes")
        password = Field(
            "new-password", label: Texts.Reset.password, purpose: .newPassword, isRequired: false,
            requirements: Requirements(policy))
    }
}

struct NewUserForm: Decodable, Sendable {
    let username: String
    let email: String?
    let displayName: String?
    let admin: String?
    /// `link` or `password`.
    let way: String
    let password: PasswordField?

    enum CodingKeys: String, CodingKey {
        case username, email, admin, way
        case displayName = "display-name"
        case password = "new-password"
    }
}
