/// What somebody asked for at the forgot-password page, about to be written down.
public struct NewCodeRequest: Sendable {
    /// A random UUID.
    public let id: String
    public let app: String?
    /// The name as typed: people type passwords into that field too.
    public let sealedName: [UInt8]
    public let address: String?
    public let at: Timestamp
    public let audit: AuditEvent

    /// What the sealed name is bound to.
    static func nameRow(_ id: String) -> String { "reset_request/\(id)/name" }
}

/// A request as administrators and operators see it.
public struct CodeRequest: Sendable, Hashable {
    public enum State: String, Sendable {
        /// Written down, and not looked at yet.
        case new
        /// An approval is needed before there is a code.
        case waiting
        /// A code works.
        case live
        case used
        case expired
        /// The account was reset in another way, or another code of it was used.
        case void
        /// No code came of it: there were enough already, or it was looked at too late.
        case withheld
        case denied
        /// No enabled account has the name: whatever the store did for the sake of the same work, nobody has a code.
        case nobody
    }

    public let id: String
    /// What `requests show` takes.
    public let number: Int64
    public let app: String?
    /// As typed. Clean it before it is shown.
    public let name: String
    public let address: String?
    public let state: State
    /// Whether it needs an approval because there were too many guesses.
    public let isOverBudget: Bool
    /// nil while nobody looked, and where the name is nobody's.
    public let accountID: String?
    /// The account's present username in the own directory, or in an app the one it had when the request was looked at.
    public let username: String?
    public let requestedAt: Timestamp
    /// When its code stops working, if it ever had one.
    public let expiresAt: Timestamp?

    public init(
        id: String, number: Int64, app: String?, name: String, address: String?, state: State, isOverBudget: Bool,
        accountID: String?, username: String?, requestedAt: Timestamp, expiresAt: Timestamp?
    ) {
        self.id = id
        self.number = number
        self.app = app
        self.name = name
        self.address = address
        self.state = state
        self.isOverBudget = isOverBudget
        self.accountID = accountID
        self.username = username
        self.requestedAt = requestedAt
        self.expiresAt = expiresAt
    }
}

extension CodeRequest {
    /// Whose it is in the own directory: an app's account has an id of the app's making, which says nothing here.
    public var ownAccountID: String? { app == nil ? accountID : nil }
}

extension Seal {
    /// The name that was typed into a request; nil when it does not open.
    public func typedName(_ sealed: [UInt8], request id: String) -> String? {
        (try? open(sealed, for: NewCodeRequest.nameRow(id))).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The inbox: requests as administrators and operators meet them.
public protocol CodeRequestInbox: Sendable {
    /// Newest first, those with numbers below `before`.
    func requests(before: Int64?, limit: Int, now: Timestamp) async throws -> [CodeRequest]

    func request(_ number: Int64, now: Timestamp) async throws -> CodeRequest?

    /// False when it was decided already.
    func deny(_ request: CodeRequest, at now: Timestamp, audit: AuditEvent) async throws -> Bool

    /// The sealed copy of a code that works now, with the audit row of its being looked at; nil when there is none.
    func sealedCode(of request: CodeRequest, at now: Timestamp, audit: AuditEvent) async throws -> [UInt8]?
}

extension RecoveryError.Code {
    /// There is no request of that number.
    public static let unknownRequest = RecoveryError.Code("unknownRequest")
    /// The request cannot be approved, denied or shown any more; the reason says why.
    public static let requestClosed = RecoveryError.Code("requestClosed")
}
