import Hummingbird

/// The start page leads to where somebody belongs, and the well-known address to the change of a password (W3C, A
/// Well-Known URL for Changing Passwords).
struct HomeRoutes: Sendable {
    func add(to visitors: RouteTable<VisitorContext>) {
        visitors.on(.get, SiteURL.home.path) { _, context in
            .seeOther(context.signedIn == nil ? .login : .account)
        }
        visitors.on(.get, SiteURL.wellKnownChangePassword.path) { _, _ in .seeOther(.changePassword) }
    }
}
