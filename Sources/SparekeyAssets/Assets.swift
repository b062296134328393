// Written by dev/assets from the names in Files/. Do not edit: dev/lint compares.

/// The templates and files of the pages, embedded in the program.
public enum SparekeyAssets {
    /// Bytes by file name.
    public static let files: [String: [UInt8]] = [
        "account.mustache": PackageResources.account_mustache,
        "audit.mustache": PackageResources.audit_mustache,
        "banner.mustache": PackageResources.banner_mustache,
        "button.mustache": PackageResources.button_mustache,
        "change-password.mustache": PackageResources.change_password_mustache,
        "csrf.mustache": PackageResources.csrf_mustache,
        "field.mustache": PackageResources.field_mustache,
        "icon.svg": PackageResources.icon_svg,
        "layout.mustache": PackageResources.layout_mustache,
        "login.mustache": PackageResources.login_mustache,
        "problem.mustache": PackageResources.problem_mustache,
        "request.mustache": PackageResources.request_mustache,
        "requests.js": PackageResources.requests_js,
        "requests.mustache": PackageResources.requests_mustache,
        "revealed-code.mustache": PackageResources.revealed_code_mustache,
        "site.css": PackageResources.site_css,
        "site.js": PackageResources.site_js,
    ]
}
