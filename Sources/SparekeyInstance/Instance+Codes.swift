public import Sparekey
import SparekeyStore

/// The self-service flows, wired.
extension Instance {
    public var consumeResetToken: ConsumeResetToken {
        ConsumeResetToken(
            tokens: store, directory: store, accept: acceptPassword, hasher: hasher, reset: resetPassword,
            key: store.key, keepsAddress: settings.tokenKeepAddress, clock: clock)
    }

    public var requestResetCode: RequestResetCode {
        RequestResetCode(codes: store, key: store.key, clock: clock, random: random)
    }

    /// - Parameter delivery: where codes are shown; see ``ConsoleDelivery``.
    public func issueResetCodes(
        delivery: any CodeDelivery, budgets: CodeBudgets = .standard
    ) -> IssueResetCodes {
        IssueResetCodes(
            codes: store, directory: store, delivery: delivery, key: store.key, rules: codeRules(budgets),
            clock: clock, random: random)
    }

    public func verifyResetCode(budgets: CodeBudgets = .standard) -> VerifyResetCode {
        VerifyResetCode(codes: store, directory: store, key: store.key, budgets: budgets, clock: clock)
    }

    public func resetWithCode(budgets: CodeBudgets = .standard) -> ResetWithCode {
        ResetWithCode(verify: verifyResetCode(budgets: budgets), accept: acceptPassword, reset: resetPassword)
    }

    public func decideCodeRequest(budgets: CodeBudgets = .standard) -> DecideCodeRequest {
        DecideCodeRequest(
            codes: store, directory: store, key: store.key, rules: codeRules(budgets), clock: clock, random: random)
    }

    /// What people asked for.
    public var codeRequests: any CodeRequestInbox { store }

    private func codeRules(_ budgets: CodeBudgets) -> CodeRules {
        CodeRules(
            lifetime: settings.codeLifetime, needsApproval: settings.approval == .one, budgets: budgets)
    }
}
