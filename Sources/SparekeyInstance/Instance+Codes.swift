public import Sparekey
import SparekeyStore

/// The self-service flows, wired.
extension Instance {
    public var consumeResetToken: ConsumeResetToken {
        ConsumeResetToken(
            tokens: store, limits: tryLimits, directories: directories, hasher: hashing, key: store.key,
            keepsAddress: settings.tokenKeepAddress, clock: clock)
    }

    public var requestResetCode: RequestResetCode {
        RequestResetCode(
            codes: store, limits: tryLimits, directories: directories, key: store.key, clock: clock, random: random)
    }

    /// - Parameter delivery: where codes are shown; see ``ConsoleDelivery``.
    public func issueResetCodes(delivery: any CodeDelivery) -> IssueResetCodes {
        IssueResetCodes(
            codes: store, directories: directories, delivery: delivery, key: store.key, rules: codeRules,
            clock: clock, random: random)
    }

    public var verifyResetCode: VerifyResetCode {
        VerifyResetCode(
            codes: store, limits: tryLimits, directories: directories, key: store.key, budgets: codeRules.budgets,
            clock: clock)
    }

    public var resetWithCode: ResetWithCode {
        ResetWithCode(verify: verifyResetCode, directories: directories)
    }

    public var decideCodeRequest: DecideCodeRequest {
        DecideCodeRequest(
            codes: store, directories: directories, key: store.key, rules: codeRules, clock: clock, random: random)
    }

    /// Where accounts are that can be recovered: here, and in attached apps.
    var directories: any RecoverableDirectories { InstanceDirectories(instance: self) }

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
