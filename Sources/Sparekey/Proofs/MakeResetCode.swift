import Foundation
import PasswordHashing

/// Makes the code of one request, if the rules let it: what ``IssueResetCodes`` does by itself and ``DecideCodeRequest``
/// by an approval.
struct MakeResetCode: Sendable {
    let codes: any ResetCodeRegister
    let holder: CodeHolder
    let key: InstanceKey
    let rules: CodeRules
    let clock: any WallClock
    let random: any RandomSource

    /// - Parameter approval: who approved it; the code is made then whatever the budgets say, but only for the account
    ///   that the approval was for.
    func callAsFunction(
        _ request: CodeRequest, approval: CodeApproval? = nil
    ) async throws -> (issue: CodeIssue, notice: CodeNotice?) {
        let (account, subject) = try await holder(AccountName(request.name), app: request.app)
        if let approval { try Self.allow(approval.actor, request, account) }
        let code = ResetCode(random: random)
        let draft = try draft(code, request, account, subject, approval)
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
        _ code: ResetCode, _ request: CodeRequest, _ account: Account?, _ subject: CodeSubject,
        _ approval: CodeApproval?
    ) throws -> CodeDraft {
        let now = clock.now
        let plain = code.digits.withUnsafeBytes { Data($0) }
        // Made for nobody as well, and dropped: the work is to be the same.
        let sealed = try Seal(key).seal(plain, for: CodeDraft.sealedRow(request.id))
        let isOld = request.requestedAt + rules.lifetime <= now
        return CodeDraft(
            request: request.id, subject: subject, account: account,
            mac: account == nil ? random.bytes(32) : code.mac(key, request: request.id, subject: subject),
            sealed: account == nil ? nil : sealed,
            rules: rules, at: now, approval: approval,
            isStale: approval == nil && (isOld || request.requestedAt > now + Proof.clockTolerance))
    }
}
