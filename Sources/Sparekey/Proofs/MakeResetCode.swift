import Foundation
import PasswordHashing

/// Makes the codes of requests, where the rules let it: what ``IssueResetCodes`` does by itself and ``DecideCodeRequest`` by an
/// approval.
struct MakeResetCode: Sendable {
    let codes: any ResetCodeRegister
    let holder: CodeHolder
    let key: InstanceKey
    let rules: CodeRules
    let clock: any WallClock
    let random: any RandomSource

    /// What came of a request, and whom to tell; where the account is nobody's, what would have been told.
    typealias Made = (issue: CodeIssue, notice: CodeNotice?, isForNobody: Bool)

    /// Of many requests of one directory, in their order: one look-up and one transaction for all of them.
    func callAsFunction(_ requests: [CodeRequest]) async throws -> [Made] {
        let drawn = try zip(requests, try await holder(requests)).map { request, whom in
            let code = ResetCode(random: random)
            return (code: code, draft: try draft(code, request, whom.account, whom.subject, nil))
        }
        let issues = try await codes.issue(drawn.map(\.draft))
        return zip(zip(requests, drawn), issues).map { made, issue in
            (issue, notice(of: made.0, made.1.code, made.1.draft, issue), made.1.draft.account == nil)
        }
    }

    /// Of one that somebody approved: the code is made whatever the budgets say, but only for the account that the approval
    /// was for.
    func callAsFunction(_ request: CodeRequest, approval: CodeApproval) async throws -> CodeIssue {
        let whom = try await holder(AccountName(request.name), app: request.app)
        try Self.allow(approval.actor, request, whom.account)
        let draft = try draft(ResetCode(random: random), request, whom.account, whom.subject, approval)
        return try await codes.issue([draft])[0]
    }

    private func notice(
        of request: CodeRequest, _ code: ResetCode, _ draft: CodeDraft, _ issue: CodeIssue
    ) -> CodeNotice? {
        let content: CodeNotice.Content
        switch issue {
        case .issued: content = .code(code, lifetime: rules.lifetime, expiresAt: draft.expiresAt)
        case .waiting(let isOverBudget): content = .needsApproval(isOverBudget: isOverBudget)
        case .withheld, .taken: return nil
        }
        return CodeNotice(
            number: request.number, account: draft.account ?? Self.nobody(request.name), app: request.app,
            requestedAt: request.requestedAt, content: content)
    }

    /// As long as the name that was typed, and not the name: people type passwords there.
    private static func nobody(_ name: String) -> Account {
        Account(
            id: "", username: String(repeating: "x", count: min(name.count, 64)), email: nil, displayName: "",
            role: .user, isActive: false, createdAt: nil)
    }

    private static func allow(_ actor: Actor, _ request: CodeRequest, _ account: Account?) throws {
        guard let account, request.accountID == nil || request.accountID == account.id else {
            throw RecoveryError(
                .unknownAccount, reason: "request \(request.number) names nobody who could have a code",
                hint: request.app == nil
                    ? "no enabled account has that name; sparekey users list shows them"
                    : "no account of the app that could have a code has that name")
        }
        guard actor.accountID != account.id || request.app != nil else { throw DecideCodeRequest.own(request) }
    }

    private func draft(
        _ code: ResetCode, _ request: CodeRequest, _ account: Account?, _ subject: CodeSubject,
        _ approval: CodeApproval?
    ) throws -> CodeDraft {
        let now = clock.now
        let plain = code.digits.withUnsafeBytes { Data($0) }
        // Made and kept for nobody as well, and never told: the work and the row are to be the same.
        let sealed = try Seal(key).seal(plain, for: CodeDraft.sealedRow(request.id))
        let mac = code.mac(key, request: request.id, subject: subject)
        let isOld = request.requestedAt + rules.lifetime <= now
        return CodeDraft(
            request: request.id, subject: subject, account: account, app: request.app,
            mac: account == nil ? random.bytes(32) : mac, sealed: sealed,
            rules: rules, at: now, approval: approval,
            isStale: approval == nil && (isOld || request.requestedAt > now + Proof.clockTolerance))
    }
}
