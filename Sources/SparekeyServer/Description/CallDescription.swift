import HTTPTypes

/// What the API's description tells of one call. It stands beside the routes it describes; a test holds the two against
/// each other.
struct CallDescription: Sendable {
    /// Who may call, and what everybody else is answered.
    enum Access: Sendable {
        case anybody
        /// Signed in, even if the password must be changed first.
        case signedIn
        /// Signed in, with nothing to do first.
        case free
        case administrator
        /// The metrics token, or an administrator's session.
        case metrics
        /// The setting secret, or a signature with the instance key.
        case refresh
        case syncKey
    }

    struct Parameter: Sendable {
        let name: String
        let schema: JSONTree
    }

    struct Answer: Sendable {
        let status: Int
        let description: String
        let contentType: String
        /// nil for an answer without a body.
        let schema: JSONTree?

        static func json(_ status: Int, _ description: String, _ schema: JSONTree) -> Answer {
            Answer(status: status, description: description, contentType: "application/json", schema: schema)
        }

        static func text(_ status: Int, _ description: String, type: String = "text/plain") -> Answer {
            Answer(status: status, description: description, contentType: type, schema: .string())
        }

        static func nothing(_ description: String) -> Answer {
            Answer(status: 204, description: description, contentType: "", schema: nil)
        }
    }

    let method: HTTPRequest.Method
    /// As the router spells it: `/api/users/:id`.
    let path: String
    /// A verb phrase in camelCase that is the call's name in generated clients, and so never changes.
    let name: String
    let summary: String
    var access = Access.anybody
    var query: [Parameter] = []
    var body: JSONTree?
    let answers: [Answer]
    /// Refusals of its own, beside those that follow from access, body and path.
    var problems: [ProblemKind] = []
    /// Whether it looks into the database, which may be away.
    var usesDatabase = true

    /// Every refusal that it may answer with.
    var allProblems: [ProblemKind] {
        let byAccess: [ProblemKind] =
            switch access {
            case .anybody: []
            case .signedIn, .metrics, .syncKey: [.notSignedIn]
            case .refresh: [.notSignedIn, .notFound]
            case .free: [.notSignedIn, .mustChangePassword]
            case .administrator: [.notSignedIn, .mustChangePassword, .notAllowed]
            }
        let byCookie: [ProblemKind] =
            switch access {
            case .signedIn, .free, .administrator: method == .get ? [] : [.formRefused, .otherOrigin]
            default: []
            }
        let byBody: [ProblemKind] = body == nil ? [] : [.malformedRequest, .tooLarge, .unsupportedMediaType]
        let byPath: [ProblemKind] = parameters.isEmpty ? [] : [.notFound]
        let byDatabase: [ProblemKind] = usesDatabase ? [.internalError, .unavailable] : []
        return ProblemKind.all.filter { (byAccess + byCookie + byBody + byPath + byDatabase + problems).contains($0) }
    }

    /// What stands for a part of the path, as in `:id`.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    }

    /// As OpenAPI spells it: `/api/users/{id}`.
    var template: String {
        "/"
            + path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
            .joined(separator: "/")
    }
}
