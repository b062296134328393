import HTTPTypes
import Hummingbird
import NIOCore
import Sparekey

/// Keeps other sites from sending anything in somebody's name (SEC-5): a request must come from this origin, as far as the
/// browser says, and carry the token that only a page of this site holds.
struct FormGuard: Sendable {
    let tokens: FormTokens
    let place: PublicPlace

    /// - Parameter request: with its whole body.
    /// - Throws: ``Problem`` 403 `form-refused` or `other-origin`, 400 for a form that is none of ours.
    func admitForm(_ request: Request, in context: VisitorContext, from bearer: FormTokens.Bearer) async throws {
        try refuseOtherOrigins(request, context)
        guard request.isForm else { throw Problem(.formRefused) }
        let bytes = try await JSONBody.bytes(of: request)
        guard let token = try FormBody.token(bytes), tokens.isValid(token, for: bearer) else {
            throw Problem(.formRefused)
        }
    }

    /// For a call of the API whose session came as a cookie.
    ///
    /// - Throws: ``Problem`` 403 `form-refused` or `other-origin`.
    func admitCall(_ request: Request, in context: VisitorContext, of caller: SignedIn) throws {
        guard request.method != .get, request.method != .head else { return }
        try refuseOtherOrigins(request, context)
        guard let name = HTTPField.Name("X-CSRF-Token"), let token = request.headers[name],
            tokens.isValid(token, for: .session(caller.session.id))
        else { throw Problem(.formRefused) }
    }

    /// `Origin: null` says nothing: browsers send it for a form of a page with `Referrer-Policy: no-referrer` (Fetch,
    /// section 3.1), as all of ours are. `Sec-Fetch-Site` says more where there is one.
    private func refuseOtherOrigins(_ request: Request, _ context: VisitorContext) throws {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] {
            guard site == "same-origin" || site == "none" else { throw Problem(.formRefused) }
        }
        guard let origin = request.headers[.origin], origin != "null" else { return }
        let origins = OwnOrigins(base: place.links.base)
        guard origins.contains(origin, at: context.channel.localAddress) else {
            throw Problem(.otherOrigin, Texts.Problems.otherOrigin(origins.base))
        }
    }
}
