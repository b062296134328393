// Written by dev/assets from the names in Files/. Do not edit: dev/lint compares.

/// The templates and files of the pages, embedded in the program.
public enum SparekeyAssets {
    /// Bytes by file name.
    public static let files: [String: [UInt8]] = [
        "account.mustache": PackageResources.account_mustache,
        "administrator-box.mustache": PackageResources.administrator_box_mustache,
        "app-reset.mustache": PackageResources.app_reset_mustache,
        "apps.mustache": PackageResources.apps_mustache,
        "audit.mustache": PackageResources.audit_mustache,
        "banner.mustache": PackageResources.banner_mustache,
        "button.mustache": PackageResources.button_mustache,
        "change-password.mustache": PackageResources.change_password_mustache,
        "csrf.mustache": PackageResources.csrf_mustache,
        "delete-user.mustache": PackageResources.delete_user_mustache,
        "field.mustache": PackageResources.field_mustache,
        "forgot-password.mustache": PackageResources.forgot_password_mustache,
        "handover.mustache": PackageResources.handover_mustache,
        "icon.svg": PackageResources.icon_svg,
        "layout.mustache": PackageResources.layout_mustache,
        "login.mustache": PackageResources.login_mustache,
        "new-password.mustache": PackageResources.new_password_mustache,
        "new-user.mustache": PackageResources.new_user_mustache,
        "problem.mustache": PackageResources.problem_mustache,
        "request.mustache": PackageResources.request_mustache,
        "requests.js": PackageResources.requests_js,
        "requests.mustache": PackageResources.requests_mustache,
        "reset-code.mustache": PackageResources.reset_code_mustache,
        "reset-user.mustache": PackageResources.reset_user_mustache,
        "revealed-code.mustache": PackageResources.revealed_code_mustache,
        "site.css": PackageResources.site_css,
        "site.js": PackageResources.site_js,
        "spent-link.mustache": PackageResources.spent_link_mustache,
        "token-step.mustache": PackageResources.token_step_mustache,
        "user.mustache": PackageResources.user_mustache,
        "users.js": PackageResources.users_js,
        "users.mustache": PackageResources.users_mustache,
    ]
}
