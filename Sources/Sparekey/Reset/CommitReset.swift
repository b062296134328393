/// Takes a plan through the journal: prepare, commit, and abandon where it cannot be. Reset and undo both end here.
struct CommitReset {
    private let ledger: any ResetLedger
    private let patience: Duration
    private let plan: () async throws -> ResetPlan

    /// - Parameters:
    ///   - patience: how long to go on while others change the same account.
    ///   - plan: makes the plan from what is stored now; called again when that changed before it could be written.
    init(ledger: any ResetLedger, patience: Duration, plan: @escaping () async throws -> ResetPlan) {
        self.ledger = ledger
        self.patience = patience
        self.plan = plan
    }

    func callAsFunction() async throws -> PreparedReset {
        let deadline = ContinuousClock.now + patience
        var refused: (old: StoredColumns, times: Int)?
        repeat {
            let plan = try await plan()
            // Somebody's change shows in what is stored. Where it does not, and does not again, nobody changed anything.
            let times = refused?.old == plan.old ? refused?.times ?? 0 : 0
            guard times < Self.mostUnexplained else { throw Self.notTaken(plan.account) }
            let prepared = try await ledger.prepare(plan)
            if case .done = try await commit(prepared) { return prepared }
            refused = (plan.old, times + 1)
        } while ContinuousClock.now < deadline
        throw RecoveryError(
            .changedMeanwhile, reason: "others kept changing this account's password",
            hint: "nothing was changed by this command; try it again")
    }

    private static var mostUnexplained: Int { 3 }

    private static func notTaken(_ account: Account) -> RecoveryError {
        RecoveryError(
            .notVerified,
            reason:
                "the database does not take a new password for '\(account.username)', and nobody else is changing it",
            hint: "nothing was changed; look for triggers and rules on its table, and for values that are no text")
    }

    private func commit(_ prepared: PreparedReset) async throws -> CommitOutcome {
        do {
            let outcome = try await ledger.commit(prepared)
            if outcome == .changedMeanwhile { try await ledger.abandon(prepared) }
            await prepared.release()
            return outcome
        } catch {
            // The lock goes even when the row could not be settled: the next start settles it.
            try? await ledger.abandon(prepared)
            await prepared.release()
            throw error
        }
    }
}
