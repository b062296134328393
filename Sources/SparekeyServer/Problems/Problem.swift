import Hummingbird
import Sparekey

/// A refusal on its way to the caller: thrown by whoever refuses, written by ``ProblemMiddleware`` alone.
struct Problem: Error, Sendable, CustomStringConvertible {
    let kind: ProblemKind
    /// Public, for people: what happened and what to do next.
    let detail: String
    let violations: [PolicyViolation]
    let retryAfter: Duration?
    /// The methods that the address takes, for 405.
    let allowed: [String]

    init(
        _ kind: ProblemKind, _ detail: String? = nil, violations: [PolicyViolation] = [], retryAfter: Duration? = nil,
        allowed: [String] = []
    ) {
        self.kind = kind
        self.detail = detail ?? kind.title + "."
        self.violations = violations
        self.retryAfter = retryAfter
        self.allowed = allowed
    }

    /// For the log: which kind, and what the caller was told.
    var description: String { "\(kind.name): \(detail)" }

    /// RFC 9457, with what clients of the source documents look for beside it.
    var response: Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return JSONAnswer.response(Document(self), status: kind.status, headers: headers)
    }

    /// What goes with the refusal however it is written down.
    var headers: HTTPFields {
        var headers: HTTPFields = [:]
        if let retryAfter { headers[.retryAfter] = String(max(1, retryAfter.components.seconds)) }
        if kind.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if !allowed.isEmpty { headers[.allow] = allowed.joined(separator: ", ") }
        return headers
    }

    private struct Document: Encodable {
        struct Violation: Encodable {
            let rule: String
            let message: String
        }

        let type: String
        let title: String
        let status: Int
        let detail: String
        let success = false
        let message: String
        let errors: [Violation]?

        init(_ problem: Problem) {
            type = problem.kind.type
            title = problem.kind.title
            status = problem.kind.status.code
            detail = problem.detail
            message = problem.detail
            errors =
                problem.violations.isEmpty
                ? nil : problem.violations.map { Violation(rule: $0.rule.description, message: $0.message) }
        }
    }
}
