/// Puts the old credentials back (APP-4): a reset with old and new exchanged, through the same journal.
///
/// Restores the columns that the reset replaced and nothing else; flag and expiry return with them. The policy is not
/// applied: the old password was good enough before. Sessions and tokens end, as with every reset.
public struct UndoReset: Sendable {
    private let directory: any Directory
    private let ledger: any ResetLedger
    private let journal: any ResetJournal
    private let refresh: any LiveRefresh
    private let patience: Duration
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        directory: any Directory, ledger: any ResetLedger, journal: any ResetJournal, refresh: any LiveRefresh,
        patience: Duration = .seconds(10), clock: any WallClock, random: any RandomSource
    ) {
        self.directory = directory
        self.ledger = ledger
        self.journal = journal
        self.refresh = refresh
        self.patience = patience
        self.clock = clock
        self.random = random
    }

    /// - Parameter number: the journal's number of the reset to take back.
    /// - Throws: ``RecoveryError`` `unknownReset`, `notUndoable` with the reason, `unknownAccount`, or what the store throws.
    public func callAsFunction(_ number: Int64, actor: Actor, reason: String?) async throws -> ResetReport {
        let record = try await undoable(number)
        guard let account = try await directory.find(id: record.accountID) else {
            throw RecoveryError(.unknownAccount, reason: "the account '\(record.username)' was removed since")
        }
        guard let sealed = try await journal.sealedColumns(of: number) else { throw Self.nothingKept(number) }
        let prepared = try await CommitReset(ledger: ledger, patience: patience) {
            guard let present = try await directory.read(account),
                present.agrees(with: sealed.new, in: directory.decisiveColumns)
            else { throw Self.changedSince(record) }
            return plan(record, account, present, back: sealed, actor: actor, reason: reason)
        }()
        let restored = directory.isTemporary(sealed.old)
        return ResetReport(
            account: account, app: record.app, number: prepared.number,
            requirePasswordChange: restored.requiresChange, expiresAt: restored.expiresAt, undoUntil: nil,
            refresh: await prepared.plan.refresh(by: refresh),
            signIn: .notTried, superseded: false)
    }

    private func undoable(_ number: Int64) async throws -> ResetRecord {
        guard let record = try await journal.record(number) else {
            throw RecoveryError(
                .unknownReset, reason: "there is no reset \(number)", hint: "sparekey resets list shows them all")
        }
        guard record.state == .done else {
            throw RecoveryError(
                .notUndoable, reason: "reset \(number) was never applied: there is nothing to undo",
                hint: "the password it was meant to replace is the one that works")
        }
        guard let until = record.undoUntil, until > clock.now else { throw Self.nothingKept(number) }
        return record
    }

    private func plan(
        _ record: ResetRecord, _ account: Account, _ present: StoredColumns,
        back sealed: (old: StoredColumns, new: StoredColumns), actor: Actor, reason: String?
    ) -> ResetPlan {
        let now = clock.now
        // What the program itself has changed since, a time stamp perhaps, stays.
        let restored = present.values.reduce(into: sealed.old) { columns, value in
            if sealed.new[value.key] != value.value { columns.values[value.key] = value.value }
        }
        return ResetPlan(
            id: random.uuid(), app: record.app, account: account, old: present, new: restored,
            revocations: Set(Revocation.allCases), keptSession: nil, proof: .operatorShell, historyKept: nil,
            undoes: record.number,
            undoUntil: nil,
            audit: AuditEvent(
                .resetUndone, actor: actor, at: now, account: account, app: record.app?.name,
                proof: Proof.operatorShell.kind, reason: reason),
            at: now)
    }

    private static func nothingKept(_ number: Int64) -> RecoveryError {
        RecoveryError(
            .notUndoable, reason: "the old password of reset \(number) is not kept any more",
            hint: "it was undone already, its time is over, or it was made with --no-undo or as compromised; "
                + "sparekey reset-password sets a new one")
    }

    private static func changedSince(_ record: ResetRecord) -> RecoveryError {
        RecoveryError(
            .notUndoable, reason: "the password of '\(record.username)' was changed after reset \(record.number)",
            hint: "nothing was changed; sparekey resets list shows what came later")
    }
}
