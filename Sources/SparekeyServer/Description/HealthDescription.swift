import HTTPTypes

extension HealthRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/healthz", name: "checkHealth", summary: "Whether the process answers",
            answers: [.text(200, "ok")], usesDatabase: false),
        CallDescription(
            method: .get, path: "/readyz", name: "checkReadiness", summary: "Whether the database answers too",
            answers: [.text(200, "ready"), .text(503, "unavailable")], usesDatabase: false),
        CallDescription(
            method: .get, path: "/openapi.json", name: "describe", summary: "This document",
            answers: [.json(200, "OpenAPI 3.1.", ["type": "object"])], usesDatabase: false),
    ]
}

extension MetricsRoutes {
    static let described: [CallDescription] = [
        CallDescription(
            method: .get, path: "/metrics", name: "readMetrics",
            summary: "Counters and gauges in Prometheus' text format", access: .metrics,
            answers: [.text(200, "Text format 0.0.4.")])
    ]
}
