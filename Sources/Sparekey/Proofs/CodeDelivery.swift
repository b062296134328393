/// What the operator's side is told about a request.
public struct CodeNotice: Sendable {
    public enum Content: Sendable {
        case code(ResetCode, lifetime: Duration, expiresAt: Timestamp)
        case needsApproval(isOverBudget: Bool)
    }

    /// The request's number.
    public let number: Int64
    public let account: Account
    public let app: String?
    public let requestedAt: Timestamp
    public let content: Content

    public init(number: Int64, account: Account, app: String?, requestedAt: Timestamp, content: Content) {
        self.number = number
        self.account = account
        self.app = app
        self.requestedAt = requestedAt
        self.content = content
    }
}

/// A channel that brings codes to whoever hands them on: the console, the inbox. Only notices about somebody's account
/// come this way; a name that nobody has leads to none.
public protocol CodeDelivery: Sendable {
    /// - Throws: when nobody could see it. The code stays good: `requests show` reveals its sealed copy.
    func deliver(_ notice: CodeNotice) async throws

    /// The same for each of many, in their order; the numbers of those that nobody could see.
    func deliver(_ notices: [CodeNotice]) async -> [Int64]

    /// Does what delivering them would cost, and shows nobody anything: for names that nobody has.
    func rehearse(_ notices: [CodeNotice]) async
}

extension CodeDelivery {
    public func rehearse(_ notices: [CodeNotice]) async {}

    public func deliver(_ notices: [CodeNotice]) async -> [Int64] {
        var undelivered: [Int64] = []
        for notice in notices {
            do {
                try await deliver(notice)
            } catch {
                undelivered.append(notice.number)
            }
        }
        return undelivered
    }
}
