import Sparekey

/// The new password, twice, as every page of self-service asks for it.
enum NewPasswordForm {
    static func fields(_ policy: PasswordPolicy, isFirst: Bool = false, differ: Bool = false) -> [Field] {
        [
            Field(
                "new-password", label: Texts.ChangePassword.new, purpose: .newPassword, isFirst: isFirst,
                requirements: Requirements(policy)),
            Field(
                "confirm-password", label: Texts.ChangePassword.confirmation, purpose: .newPassword,
                error: differ ? Texts.Form.passwordsDiffer : nil),
        ]
    }
}
