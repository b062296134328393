import Foundation
import PasswordHashing

/// Looks at the requests that came in, issues their codes and hands them to the delivery channel (NEX-4).
///
/// Run it on a signal after a request and by a timer, on every server: each request is decided by one of them. Time spent
/// here tells nobody outside whether an account exists.
public struct IssueResetCodes: Sendable {
    /// What one run did.
    public struct Outcome: Sendable, Equatable {
        /// How many requests it decided; when it is the limit, there may be more.
        public var decided = 0
        /// Numbers of requests whose notice the channel refused. `requests show` still has their codes.
        public var undelivered: [Int64] = []
    }

    private let codes: any ResetCodeRegister
    private let holder: CodeHolder
    private let delivery: any CodeDelivery
    private let key: InstanceKey
    private let rules: CodeRules
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        codes: any ResetCodeRegister, directory: any Directory, delivery: any CodeDelivery, key: InstanceKey,
        rules: CodeRules, clock: any WallClock, random: any RandomSource
    ) {
        self.codes = codes
        holder = CodeHolder(directory: directory, key: key)
        self.delivery = delivery
        self.key = key
        self.rules = rules
        self.clock = clock
        self.random = random
    }

    /// Costs one small transaction for each request, and now and then one that tidies up.
    @discardableResult
    public func callAsFunction(limit: Int = 50) async throws -> Outcome {
        try await codes.tidyCodes(now: clock.now)
        var outcome = Outcome()
        for request in try await codes.newRequests(limit: limit) {
            let decision = try await decide(request)
            outcome.decided += 1
            do {
                if let notice = decision.notice { try await delivery.deliver(notice) }
            } catch {
                outcome.undelivered.append(request.number)
            }
        }
        return outcome
    }

    /// - Parameter approvedBy: who approved it; the code is made then whatever the budgets say, but only for the account
    ///   that the approval was for.
    func decide(
        _ request: CodeRequest, approvedBy: Actor? = nil
    ) async throws -> (issue: CodeIssue, notice: CodeNotice?) {
        let (account, subject) = try await holder(AccountName(request.name), app: request.app)
        if let approvedBy { try Self.allow(approvedBy, request, account) }
        let code = ResetCode(random: random)
        let draft = try draft(code, request, account, subject, approvedBy)
        let issue = try await codes.issue(draft)
        let content: CodeNotice.Content
        switch issue {
        case .issued: content = .code(code, lifetime: rules.lifetime, expiresAt: draft.expiresAt)
        case .waiting(let isOverBudget): content = .needsApproval(isOverBudget: isOverBudget)
        case .withheld, .taken: return (issue, nil)
        }
        let notice = account.map {
            CodeNotice(
                number: request.number, account: $0, app: request.app, requestedAt: request.requestedAt,
                content: content)
        }
        return (issue, notice)
    }

    private static func allow(_ actor: Actor, _ request: CodeRequest, _ account: Account?) throws {
        guard let account, request.accountID == nil || request.accountID == account.id else {
            throw RecoveryError(
                .unknownAccount, reason: "request \(request.number) names nobody who could have a code",
                hint: "no enabled account has that name; sparekey users list shows them")
        }
        guard actor.accountID != account.id else { throw DecideCodeRequest.own(request) }
    }

    private func draft(
        _ code: ResetCode, _ request: CodeRequest, _ account: Account?, _ subject: CodeSubject, _ approvedBy: Actor?
    ) throws -> CodeDraft {
        let now = clock.now
        let plain = code.digits.withUnsafeBytes { Data($0) }
        let isOld = request.requestedAt + rules.lifetime <= now
        return CodeDraft(
            request: request.id, subject: subject, account: account,
            mac: account == nil ? random.bytes(32) : code.mac(key, request: request.id, subject: subject),
            sealed: account == nil ? nil : try Seal(key).seal(plain, for: CodeDraft.sealedRow(request.id)),
            rules: rules, at: now, approvedBy: approvedBy,
            isStale: approvedBy == nil && (isOld || request.requestedAt > now + Proof.clockTolerance))
    }
}
