import Synchronization

/// Where people reach a running server. It changes once, when the set-up of an instance that nobody had set up names it.
public final class PublicPlace: Sendable {
    private let state: Mutex<PublicLinks>

    public init(_ links: PublicLinks) {
        state = Mutex(links)
    }

    /// As of now: ask again for each request.
    public var links: PublicLinks { state.withLock { $0 } }

    public func move(to links: PublicLinks) {
        state.withLock { $0 = links }
    }
}
