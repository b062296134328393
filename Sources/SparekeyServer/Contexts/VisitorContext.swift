import Hummingbird
import Logging
import NIOCore
import Sparekey

/// A request by anybody, and what every other context is made of.
struct VisitorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// The caller's address: the peer's, or the one that a trusted proxy names. Set by ``ProblemMiddleware``.
    var address: String?
    /// Who the request's session belongs to. Set by ``SessionMiddleware``; the contexts made of this one decide what
    /// that entitles to.
    var signedIn: SignedIn?
    /// Set by ``BrowserMiddleware``, for pages.
    var browser = Browser()

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    var maxUploadSize: Int { JSONBody.limit }
}
