import Hummingbird
import Synchronization

/// What `/metrics` counts, kept in memory since the start.
final class ServerMetrics: Sendable {
    struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    struct Requests {
        var count: UInt64 = 0
        var seconds: Double = 0
    }

    private let requests = Mutex<[Key: Requests]>([:])

    /// Routes are patterns of ours and methods are the known ones, so that nobody can make the table grow.
    func answered(_ request: Request, _ context: VisitorContext, status: Int, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"]
        let method = known.contains(request.method.rawValue) ? request.method.rawValue : "other"
        let key = Key(method: method, route: context.endpointPath ?? "none", status: status)
        requests.withLock { requests in
            requests[key, default: Requests()].count += 1
            requests[key, default: Requests()].seconds += took.milliseconds / 1000
        }
    }

    var snapshot: [Key: Requests] { requests.withLock(\.self) }
}
