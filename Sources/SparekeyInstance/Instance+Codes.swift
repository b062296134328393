public import Sparekey
import SparekeyStore

/// The self-service flows, wired.
extension Instance {
    public var consumeResetToken: ConsumeResetToken {
        ConsumeResetToken(
            tokens: store, limits: tryLimits, directory: store, accept: acceptPassword, hasher: hashing,
            reset: resetPassword,
            key: store.key, keepsAddress: settings.tokenKeepAddress, clock: clock)
    }

    public var requestResetCode: RequestResetCode {
        RequestResetCode(codes: store, limits: tryLimits, key: store.key, clock: clock, random: random)
    }

    /// - Parameter delivery: where codes are shown; see ``ConsoleDelivery``.
    public func issueResetCodes(delivery: any CodeDelivery) -> IssueResetCodes {
        IssueResetCodes(
            codes: store, directory: store, delivery: delivery, key: store.key, rules: codeRules,
            clock: clock, random: random)
    }

    public var verifyResetCode: VerifyResetCode {
        VerifyResetCode(
            codes: store, limits: tryLimits, directory: store, key: store.key, budgets: codeRules.budgets, clock: clock)
    }

    public var resetWithCode: ResetWithCode {
        ResetWithCode(verify: verifyResetCode, accept: acceptPassword, reset: resetPassword)
    }

    public var decideCodeRequest: DecideCodeRequest {
        DecideCodeRequest(
            codes: store, directory: store, key: store.key, rules: codeRules, clock: clock, random: random)
    }

    /// What people asked for.
    public var codeRequests: any CodeRequestInbox { store }

    var tryLimits: TryLimits {
        TryLimits(chargeTry: chargeTry, recordWrongTries: recordWrongTries)
    }

    private var codeRules: CodeRules {
        CodeRules(
            lifetime: settings.codeLifetime, needsApproval: settings.approval == .one,
            budgets: settings.limits.areOn ? .standard : nil)
    }
}
