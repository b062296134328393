import HTTPTypes
import Hummingbird
import Synchronization

/// Adds routes to a router and remembers them, so that an address with another method is answered 405 and the API's
/// description can be held against what there is.
struct RouteTable<Context: RequestContext>: Sendable {
    nonisolated(unsafe) private let router: any RouterMethods<Context>
    let known: KnownRoutes
    private let group: RouteGroup

    /// `router` is used while the routes are added, on one thread, and never afterwards.
    init(_ router: any RouterMethods<Context>, known: KnownRoutes, group: RouteGroup = .api) {
        self.router = router
        self.known = known
        self.group = group
    }

    func on(
        _ method: HTTPRequest.Method, _ path: String,
        use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        known.add(method, path, group)
        router.on(RouterPath(path), method: method, use: handler)
    }

    /// The same table for what people see in a browser.
    var pages: RouteTable<Context> { RouteTable(router, known: known, group: .page) }

    /// The same table with a middleware for what is added through it.
    func adding(_ middleware: any MiddlewareProtocol<Request, Response, Context>) -> RouteTable<Context> {
        let inner = router.group()
        inner.add(middleware: middleware)
        return RouteTable(inner, known: known, group: group)
    }

    /// The same table for a context that is made of this one.
    func narrowed<Child: ChildRequestContext>(to child: Child.Type) -> RouteTable<Child>
    where Child.ParentContext == Context {
        RouteTable<Child>(router.group(context: child), known: known, group: group)
    }
}

/// Whom a route is for: a refusal is written for them.
enum RouteGroup: Sendable {
    /// Programs: a problem document.
    case api
    /// People: a page.
    case page
}

/// Which methods each address takes.
final class KnownRoutes: Sendable {
    /// Every method but HEAD that reaches a router: the parser in front of it refuses what it does not know.
    private static let methods: [HTTPRequest.Method] = [
        "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "ACL", "BIND", "CHECKOUT", "COPY",
        "LINK",
        "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "NOTIFY", "PROPFIND", "PROPPATCH",
        "PURGE", "QUERY", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "UNBIND", "UNLINK", "UNLOCK",
        "UNSUBSCRIBE",
    ].compactMap { HTTPRequest.Method($0) }

    private let routes = Mutex<[RouteGroup: [String: [HTTPRequest.Method]]]>([:])

    func add(_ method: HTTPRequest.Method, _ path: String, _ group: RouteGroup) {
        routes.withLock { $0[group, default: [:]][path, default: []].append(method) }
    }

    func all(_ group: RouteGroup) -> [String: [HTTPRequest.Method]] { routes.withLock { $0[group] ?? [:] } }

    /// Those of both groups.
    private var all: [String: [HTTPRequest.Method]] { all(.api).merging(all(.page), uniquingKeysWith: +) }

    /// Whether people see what that address answers; an address may serve programs as well.
    ///
    /// - Parameter path: as the router writes it into a context.
    func isPage(_ path: String) -> Bool {
        all(.page).keys.contains { RouterPath($0).description == path }
    }

    /// Whether programs call that address.
    func isCall(_ path: String) -> Bool {
        all(.api).keys.contains { RouterPath($0).description == path }
    }

    /// Answers 405 for every method that an address does not take. Called when all routes are there.
    func refuseOtherMethods(_ router: some RouterMethods<VisitorContext>) {
        for (path, taken) in all {
            let allowed = taken.map(\.rawValue) + (taken.contains(.get) ? ["HEAD"] : [])
            let refused = Self.methods.filter { !taken.contains($0) } + (taken.contains(.get) ? [] : [.head])
            for method in refused {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem(.methodNotAllowed, allowed: allowed.sorted())
                }
            }
        }
    }
}
