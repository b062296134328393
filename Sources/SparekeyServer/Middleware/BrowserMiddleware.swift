import HTTPTypes
import Hummingbird
import Sparekey

/// For pages: finds the session that the browser's cookie stands for, and the token that its forms carry.
struct BrowserMiddleware: RouterMiddleware {
    typealias Context = VisitorContext

    let cookies: BrowserCookies
    let resume: ResumeSession
    let forms: FormGuard
    let random: any RandomSource

    func handle(
        _ request: Request, context: VisitorContext, next: (Request, VisitorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let request = try await request.withWholeBody()
        if let secret = cookies.session(request) {
            context.signedIn = try await resume(secret, isUse: !request.isBackground)
        }
        let known = cookies.visitor(request)
        let visitor = known ?? random.bytes(16).hexadecimal
        let bearer = context.signedIn.map { FormTokens.Bearer.session($0.session.id) } ?? .visitor(visitor)
        context.browser = Browser(formToken: forms.tokens.token(for: bearer), device: cookies.device(request))
        if request.method == .post { try await forms.admitForm(request, in: context, from: bearer) }
        var response = try await next(request, context)
        if known == nil, context.signedIn == nil { response.setCookie(cookies.keeping(visitor: visitor)) }
        return response
    }
}

extension Request {
    /// Whether a page's script fetches it by itself: nobody is there who uses the session. What changes something is use.
    fileprivate var isBackground: Bool {
        method == .get && HTTPField.Name("X-Background").map { headers.contains($0) } ?? false
    }
}
