/// The ledger of resets in one app: journal, app and journal again, each a transaction of its own, in an order in which a
/// crash can always be settled (house.md, Two databases).
public struct AppLedger: ResetLedger {
    private let journal: any AppResetJournal
    private let directory: any AppDirectory
    private let settleReset: SettleAppReset

    public init(journal: any AppResetJournal, directory: any AppDirectory) {
        self.journal = journal
        self.directory = directory
        settleReset = SettleAppReset(journal: journal, directory: directory)
    }

    public func prepare(_ plan: ResetPlan) async throws -> PreparedReset {
        try await journal.prepare(plan)
    }

    public func commit(_ prepared: PreparedReset) async throws -> CommitOutcome {
        do {
            guard try await apply(prepared.plan) == .applied else {
                // Nothing was written, and that is certain: what stands there now is somebody else's and says nothing of
                // this.
                try await journal.drop(prepared.number, at: prepared.plan.at)
                return .changedMeanwhile
            }
        } catch let error as NothingWritten {
            // A database that is busy is not asked what it holds: it would not answer, and the outcome is known.
            try? await journal.drop(prepared.number, at: prepared.plan.at)
            throw error.cause
        }
        return .done(sequence: try await finish(prepared))
    }

    /// The app has the new password, and the journal is told.
    func finish(_ prepared: PreparedReset) async throws -> Int64 {
        do {
            return try await journal.finish(prepared.number, at: prepared.plan.at)
        } catch {
            switch try? await journal.record(prepared.number)?.state {
            case .abandoned, .unclear: return try await finishLate(prepared)
            default:
                throw RecoveryError(
                    .unclear,
                    reason: "the app has the new password, and Sparekey's own record of reset \(prepared.number) "
                        + "could not be finished",
                    hint: "the new password works; the next sparekey command finishes the record", cause: error)
            }
        }
    }

    /// The lock on a journal row can be lost while its owner works on: whoever took it then saw the old password, or half of
    /// the change, and ended the row. What stands now decides.
    private func finishLate(_ prepared: PreparedReset) async throws -> Int64 {
        let plan = prepared.plan
        guard try await settleReset.standing(of: plan.account.id, old: plan.old, new: plan.new) == .new else {
            throw RecoveryError(
                .unclear,
                reason:
                    "another sparekey took reset \(prepared.number) for cut off while it was being written, and took "
                    + "it back",
                hint: "the old password should work again; sparekey reset-password sets a new one")
        }
        return try await journal.finishEnded(prepared)
    }

    /// By looking: what was asked to be abandoned may have been applied before the connection went.
    public func abandon(_ prepared: PreparedReset) async throws {
        let plan = prepared.plan
        guard let app = plan.app else { preconditionFailure("a reset in an app names it") }
        guard try await journal.record(prepared.number)?.state == .prepared else { return }
        try await settleReset(
            UnfinishedReset(
                number: prepared.number, app: app, accountID: plan.account.id, username: plan.account.username,
                old: plan.old, new: plan.new, at: plan.at, release: {}), now: plan.at)
    }

    @discardableResult
    public func settle(now: Timestamp) async throws -> Int {
        try await journal.settle(now: now)
    }

    private func apply(_ plan: ResetPlan) async throws -> ApplyOutcome {
        do {
            return try await directory.apply(plan.new, to: plan.account, expecting: plan.old)
        } catch let error as NothingWritten {
            throw error
        } catch {
            switch try? await settleReset.standing(of: plan.account.id, old: plan.old, new: plan.new) {
            case .new: return .applied
            // The failure is the answer: nothing was written.
            case .old, .mixture, .neither: throw error
            case nil:
                throw RecoveryError(
                    .unclear,
                    reason: "the app's database went away while the password of '\(plan.account.username)' was "
                        + "being written",
                    hint:
                        "either the old or the new password works; the next sparekey command that reaches the database "
                        + "settles which", cause: error)
            }
        }
    }
}

/// Ends a reset in an app that was cut off, by what the app holds now.
public struct SettleAppReset: Sendable {
    /// What an app holds of a reset's values.
    enum Standing: Equatable {
        case old
        case new
        /// Some places (a file, a table) hold the new values and others the old.
        case mixture
        case neither
    }

    private let journal: any AppResetJournal
    private let directory: any AppDirectory

    public init(journal: any AppResetJournal, directory: any AppDirectory) {
        self.journal = journal
        self.directory = directory
    }

    /// - Throws: what the databases throw; the row stays as it was then, for the next time.
    public func callAsFunction(_ reset: UnfinishedReset, now: Timestamp) async throws {
        switch try await standing(of: reset.accountID, old: reset.old, new: reset.new) {
        case .new: _ = try await journal.finish(reset.number, at: now)
        case .old: try await journal.drop(reset.number, at: now)
        case .mixture: try await takeBack(reset, now)
        case .neither: try await journal.markUnclear(reset, at: now)
        }
    }

    func standing(of accountID: String, old: StoredColumns, new: StoredColumns) async throws -> Standing {
        try await directory.putRight(accountID, old: old, new: new)
        guard let account = try await directory.find(id: accountID),
            let present = try await directory.readAfterOthers(account)
        else { return .neither }
        let decisive = directory.decisiveColumns
        if present.agrees(with: new, in: decisive) { return .new }
        if present.agrees(with: old, in: decisive) { return .old }
        let isMixture = decisive.allSatisfy { present[$0] == old[$0] || present[$0] == new[$0] }
        return isMixture ? .mixture : .neither
    }

    private func takeBack(_ reset: UnfinishedReset, _ now: Timestamp) async throws {
        guard let account = try await directory.find(id: reset.accountID),
            let present = try await directory.read(account),
            try await directory.apply(reset.old, to: account, expecting: present) == .applied
        else { return try await journal.markUnclear(reset, at: now) }
        try await journal.drop(reset.number, at: now)
    }
}
