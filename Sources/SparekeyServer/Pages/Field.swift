import Sparekey

/// A labelled input, for the one template that writes inputs (`field`).
struct Field: Sendable {
    /// What the browser's password manager is told it is (HTML's `autocomplete`).
    enum Purpose: String, Sendable {
        case username
        case currentPassword = "current-password"
        case newPassword = "new-password"
        case oneTimeCode = "one-time-code"
        case off
    }

    /// Also its name in the form.
    let id: String
    let label: String
    let type: String
    let autocomplete: String
    let hintText: String?
    let errorText: String?
    /// What was typed before, for a page that comes back. Never for a password.
    let typedValue: String?
    let isFirst: Bool
    let isRequired: Bool
    /// HTML's `inputmode`, for the keyboard of a telephone.
    let inputMode: String?
    /// The ids of all that describes it.
    let describedBy: String?
    /// What a new password must meet, and what a browser's generator is told of it.
    let policy: Requirements?
    /// Beside the label.
    let asideLink: PageLink?
    let revealText: String?
    let concealText: String?

    /// - Parameter isFirst: whether the page opens with the cursor in it.
    init(
        _ id: String, label: String, purpose: Purpose, hint: String? = nil, error: String? = nil, value: String? = nil,
        isFirst: Bool = false, isRequired: Bool = true, requirements: Requirements? = nil, aside: PageLink? = nil
    ) {
        let isPassword = purpose == .currentPassword || purpose == .newPassword
        self.id = id
        self.label = label
        self.isFirst = isFirst
        self.isRequired = isRequired
        inputMode = purpose == .oneTimeCode ? "numeric" : nil
        type = isPassword ? "password" : "text"
        autocomplete = purpose.rawValue
        hintText = hint
        errorText = error
        typedValue = isPassword ? nil : value
        policy = requirements
        asideLink = aside
        revealText = isPassword ? Texts.Form.reveal : nil
        concealText = isPassword ? Texts.Form.conceal : nil
        let describing = [
            requirements == nil ? nil : "\(id)-requirements", hint == nil ? nil : "\(id)-hint",
            error == nil ? nil : "\(id)-error",
        ].compactMap(\.self)
        describedBy = describing.isEmpty ? nil : describing.joined(separator: " ")
    }
}

/// The policy in force, as a checklist under a field and as attributes of it.
struct Requirements: Sendable {
    struct Line: Sendable {
        let text: String
        /// What the page's script can check while somebody types; nil for what only the server knows.
        let check: String?
    }

    let title = Texts.Form.requirements
    let metText = Texts.Form.requirementMet
    let openText = Texts.Form.requirementOpen
    let lines: [Line]
    let minLength: Int
    /// The attribute `passwordrules`, by which a generator meets the policy at once.
    let passwordRules: String

    init(_ policy: PasswordPolicy) {
        minLength = policy.minLength
        passwordRules = policy.passwordRules
        // The policy says length first, then its classes, then what takes the server to judge.
        let checks = ["length"] + (policy.requiresClasses ? ["upper", "lower", "digit", "special"] : [])
        lines = policy.requirements.enumerated().map { index, text in
            Line(text: text, check: index < checks.count ? checks[index] : nil)
        }
    }
}

/// A button that sends its form, for the one template that writes buttons (`button`).
struct SubmitButton: Sendable {
    let text: String
    /// What a screen reader adds, where the same button stands in many rows.
    let hiddenText: String?
    let style: String
    /// Where it sends the form, if not to where the form says.
    let formAction: String?

    enum Style: String, Sendable {
        /// What the page is for.
        case primary
        case quiet
        case danger
    }

    init(_ text: String, _ style: Style = .primary, hidden: String? = nil, to url: SiteURL? = nil) {
        formAction = url?.path
        self.text = text
        self.style = style.rawValue
        hiddenText = hidden
    }
}

/// A message in a frame, above a form or a list.
struct Banner: Sendable {
    let text: String
    /// More to say, a line each.
    let lines: [String]
    let style: String
    let role: String

    enum Style: String, Sendable {
        case good
        case warning
        case bad
    }

    init(_ text: String, _ style: Style, lines: [String] = []) {
        self.text = text
        self.lines = lines
        self.style = style.rawValue
        role = style == .good ? "status" : "alert"
    }
}
