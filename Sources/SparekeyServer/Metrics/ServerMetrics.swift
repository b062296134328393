import Hummingbird
import Sparekey
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

    /// The bearer token that may read it; nil where none is set.
    let token: String?
    let sources: [MetricsSource]
    private let startedAt = SystemWallClock().now
    private let requests = Mutex<[Key: Requests]>([:])

    init(token: String? = nil, sources: [MetricsSource] = []) {
        self.token = token
        self.sources = sources
    }

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

    /// Everything there is to tell, except of the database, which does not answer from memory.
    func all(connections: Int) async -> [Metric] {
        var metrics = counted + ProcessFigures(startedAt: startedAt).metrics
        metrics.append(
            Metric(
                "sparekey_connections_open", .gauge, help: "Open connections of clients.", value: Double(connections)))
        for source in sources { metrics += await source.read() }
        return metrics
    }

    private var counted: [Metric] {
        let snapshot = snapshot.sorted { Self.order($0.key) < Self.order($1.key) }
        return [
            Metric(
                "sparekey_http_requests_total", .counter, help: "Requests answered.",
                samples: snapshot.map { .init(Double($0.value.count), labels: Self.labels($0.key)) }),
            Metric(
                "sparekey_http_request_duration_seconds", .summary, help: "Time from a request's head to its answer.",
                samples: snapshot.flatMap { key, requests -> [Metric.Sample] in
                    [
                        .init(requests.seconds, labels: Self.labels(key), suffix: "_sum"),
                        .init(Double(requests.count), labels: Self.labels(key), suffix: "_count"),
                    ]
                }),
        ]
    }

    private static func labels(_ key: Key) -> [(name: String, value: String)] {
        [("method", key.method), ("route", key.route), ("status", String(key.status))]
    }

    private static func order(_ key: Key) -> String { "\(key.route) \(key.method) \(key.status)" }
}
