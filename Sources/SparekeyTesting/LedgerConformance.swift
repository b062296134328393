public import PasswordHashing
public import Sparekey

/// What every ledger owes the pipeline of a reset, whoever wrote it: the suite that Sparekey's own journal passes on SQLite and
/// PostgreSQL, for its own accounts and for those of a program beside it.
///
/// ```swift
/// let suite = LedgerConformance(of: "ada", in: directory, first: …, second: …, steps: .init(make: …, accepts: …, now: …))
/// @Test(arguments: LedgerConformance.Promise.allCases)
/// func keeps(promise: LedgerConformance.Promise) async throws { try await suite.check(promise) }
/// ```
///
/// The account has other values afterwards, and the journal more rows; several promises can be asked, one after the other, as long
/// as nobody else resets the account meanwhile.
public struct LedgerConformance: Sendable {
    /// The journal as one process has it open.
    public struct Party: Sendable {
        let ledger: any ResetLedger
        let journal: any ResetJournal
        /// What this process does when it starts with the resets that ended processes left.
        let settle: @Sendable (Timestamp) async throws -> Void

        public init(
            ledger: any ResetLedger, journal: any ResetJournal,
            settle: @escaping @Sendable (Timestamp) async throws -> Void
        ) {
            (self.ledger, self.journal, self.settle) = (ledger, journal, settle)
        }
    }

    /// What only whoever wrote the ledger knows.
    public struct Steps: Sendable {
        /// New columns for a password, in place of those that are stored now.
        let make: @Sendable (Password, Account, StoredColumns) async throws -> StoredColumns
        /// Whether the password would let its owner in, as directly as it can be asked.
        let accepts: @Sendable (Password, Account) async throws -> Bool
        /// The time that the ledger's own rows are written with.
        let now: @Sendable () -> Timestamp

        public init(
            make: @escaping @Sendable (Password, Account, StoredColumns) async throws -> StoredColumns,
            accepts: @escaping @Sendable (Password, Account) async throws -> Bool,
            now: @escaping @Sendable () -> Timestamp
        ) {
            (self.make, self.accepts, self.now) = (make, accepts, now)
        }
    }

    /// The raw value is the promise as a clause behind "the ledger".
    public enum Promise: String, Sendable, CaseIterable {
        case writesNothingYet =
            "writes nothing of the account before the commit, and nothing at all when it is abandoned"
        case writesWhole = "writes what was planned, all of it, and keeps what stood there before"
        case staysDone = "leaves a reset that is done as it is, whatever is asked of it again"
        case leavesChangedAlone = "changes nothing when a value is no longer the one that was planned with"
        case ordersResets =
            "ends with the password of one reset when many come at once, of own accounts that with the highest sequence"
        case leavesTheLiving = "leaves a reset alone whose process lives, and settles it when that has ended"
        case agreesAfterSettling = "says of a reset that was settled meanwhile what became of its password"
        case takesBack = "puts back what stood there before, once"
        case keepsForUndo = "keeps old values until their time and no longer, and none where none are to be kept"
    }

    private let directory: any Directory
    private let typed: String
    private let first: Party
    private let second: Party
    private let steps: Steps

    /// - Parameters:
    ///   - typed: a name of an account of `directory`.
    ///   - second: the same journal as another process has it open.
    public init(of typed: String, in directory: any Directory, first: Party, second: Party, steps: Steps) {
        (self.directory, self.typed, self.first, self.second, self.steps) = (directory, typed, first, second, steps)
    }

    /// - Throws: ``BrokenPromise``, or what the ledger throws where it should not.
    public func check(_ promise: Promise) async throws {
        switch promise {
        case .writesNothingYet: try await writesNothingYet()
        case .writesWhole: try await writesWhole()
        case .staysDone: try await staysDone()
        case .leavesChangedAlone: try await leavesChangedAlone()
        case .ordersResets: try await ordersResets()
        case .leavesTheLiving: try await leavesTheLiving()
        case .agreesAfterSettling: try await agreesAfterSettling()
        case .takesBack: try await takesBack()
        case .keepsForUndo: try await keepsForUndo()
        }
    }

    private static let kept: Duration = .seconds(3600)

    private func account() async throws -> Account {
        try BrokenPromise.found(try await directory.find(AccountName(typed)), "there is nobody of the name \(typed)")
    }

    private func stored(_ account: Account) async throws -> StoredColumns {
        try BrokenPromise.found(try await directory.read(account), "the account that was found cannot be read")
    }

    private func accepts(_ password: String, _ account: Account) async throws -> Bool {
        try await steps.accepts(Password(utf8: password), account)
    }

    /// A reset to the password, planned with what is stored now.
    private func plan(_ password: String, _ account: Account, isKept: Bool = true) async throws -> ResetPlan {
        let old = try await stored(account)
        return plan(
            account, from: old, to: try await steps.make(Password(utf8: password), account, old), isKept: isKept)
    }

    private func plan(
        _ account: Account, from old: StoredColumns, to new: StoredColumns, undoes: Int64? = nil, isKept: Bool = true
    ) -> ResetPlan {
        let (app, now) = (directory.app, steps.now())
        return ResetPlan(
            id: SystemRandomSource().uuid(), app: app, account: account, old: old, new: new,
            revocations: Set(Revocation.allCases), keptSession: nil, proof: .operatorShell, historyKept: nil,
            undoes: undoes,
            undoUntil: isKept ? now + Self.kept : nil,
            audit: AuditEvent(
                .passwordReset, actor: .server, at: now, account: account, app: app?.name,
                proof: Proof.operatorShell.kind),
            at: now)
    }

    /// From plan to end, as the pipeline goes.
    private func reset(_ plan: ResetPlan, by party: Party) async throws -> (number: Int64, outcome: CommitOutcome) {
        let prepared = try await party.ledger.prepare(plan)
        let outcome = try await party.ledger.commit(prepared)
        if outcome == .changedMeanwhile { try await party.ledger.abandon(prepared) }
        await prepared.release()
        return (prepared.number, outcome)
    }

    /// - Returns: its number.
    private func done(_ plan: ResetPlan) async throws -> Int64 {
        let (number, outcome) = try await reset(plan, by: first)
        try BrokenPromise.unless(outcome != .changedMeanwhile, "a reset whose old values stand is not written")
        return number
    }

    /// By the other process: what is said is said to everybody.
    private func record(_ number: Int64) async throws -> ResetRecord {
        try BrokenPromise.found(try await second.journal.record(number), "the journal does not know reset \(number)")
    }

    private func expect(_ number: Int64, _ state: ResetRecord.State) async throws {
        let found = try await record(number).state
        try BrokenPromise.unless(found == state, "the journal says \(found) of a reset that is \(state)")
    }

    private func expectUntouched(_ account: Account, _ before: StoredColumns) async throws {
        let stands = try await stored(account)
        try BrokenPromise.unless(stands == before, "something of the account was written")
    }
}

// The promises.
extension LedgerConformance {
    private func writesNothingYet() async throws {
        let account = try await account()
        let plan = try await plan("never written 4711", account)
        let prepared = try await first.ledger.prepare(plan)
        try await expectUntouched(account, plan.old)
        let record = try await record(prepared.number)
        try BrokenPromise.unless(
            record.state == .prepared && record.accountID == account.id && record.username == account.username
                && record.app?.name == directory.app?.name,
            "the journal has another reset than the one that was prepared")
        try await first.ledger.abandon(prepared)
        await prepared.release()
        try await expect(prepared.number, .abandoned)
        try await expectUntouched(account, plan.old)
        let kept = try await second.journal.sealedColumns(of: prepared.number)
        try BrokenPromise.unless(kept == nil, "values of an abandoned reset are kept")
    }

    private func writesWhole() async throws {
        let (account, password) = (try await account(), "written whole 4711")
        let plan = try await plan(password, account)
        let number = try await done(plan)
        let stands = try await stored(account)
        try BrokenPromise.unless(
            stands.agrees(with: plan.new, in: Set(plan.new.values.keys)), "what is read is not what was planned")
        let isAccepted = try await accepts(password, account)
        try BrokenPromise.unless(isAccepted, "the new password does not work")
        try await expect(number, .done)
        let kept = try await second.journal.sealedColumns(of: number)
        try BrokenPromise.unless(
            kept?.old == plan.old && kept?.new == plan.new, "what is kept for undo is not what was replaced")
        let journal = second.journal
        let newest =
            if let app = directory.app { try await journal.records(inApp: app.name, limit: 1) } else {
                try await journal.records(of: account, limit: 1)
            }
        try BrokenPromise.unless(newest.first?.number == number, "the newest reset of the account is another one")
    }

    private func staysDone() async throws {
        let account = try await account()
        let plan = try await plan("done for good 4711", account)
        let prepared = try await first.ledger.prepare(plan)
        let outcome = try await first.ledger.commit(prepared)
        try BrokenPromise.unless(outcome != .changedMeanwhile, "a reset whose old values stand is not written")
        let before = try await stored(account)
        // As after an answer that was lost, by whoever asks.
        _ = try await first.ledger.commit(prepared)
        try await first.ledger.abandon(prepared)
        await prepared.release()
        try await second.settle(steps.now())
        try await expect(prepared.number, .done)
        try await expectUntouched(account, before)
    }

    private func leavesChangedAlone() async throws {
        let account = try await account()
        let (winner, loser) = (try await plan("comes first 4711", account), try await plan("comes late 4711", account))
        let waiting = try await second.ledger.prepare(loser)
        _ = try await done(winner)
        let before = try await stored(account)
        let outcome = try await second.ledger.commit(waiting)
        try BrokenPromise.unless(outcome == .changedMeanwhile, "what somebody else wrote is written over")
        try await second.ledger.abandon(waiting)
        await waiting.release()
        try await expect(waiting.number, .abandoned)
        try await expectUntouched(account, before)
    }

    private func ordersResets() async throws {
        let account = try await account()
        let done = try await withThrowingTaskGroup(of: (sequence: Int64, password: String).self) { group in
            for index in 0..<8 {
                let party = index.isMultiple(of: 2) ? first : second
                group.addTask {
                    (try await resetAtLast(account, "one of many \(index)", by: party), "one of many \(index)")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try BrokenPromise.unless(Set(done.map(\.sequence)).count == done.count, "two resets have one sequence")
        var working: [Int64] = []
        for each in done where try await accepts(each.password, account) { working.append(each.sequence) }
        try BrokenPromise.unless(working.count == 1, "\(working.count) of the new passwords work")
        // A program's database and the journal commit one after the other: there others can come in between.
        try BrokenPromise.unless(
            directory.app != nil || working.first == done.map(\.sequence).max(),
            "the last reset's password does not work")
    }

    /// As long as others are faster. Each time one of them is done, so that it ends.
    private func resetAtLast(_ account: Account, _ password: String, by party: Party) async throws -> Int64 {
        while true {
            if case .done(let sequence) = try await reset(try await plan(password, account), by: party).outcome {
                return sequence
            }
        }
    }

    private func leavesTheLiving() async throws {
        let account = try await account()
        let plan = try await plan("cut off 4711", account)
        let prepared = try await first.ledger.prepare(plan)
        try await second.settle(steps.now())
        try await expect(prepared.number, .prepared)
        // What the end of a process does.
        await prepared.release()
        try await second.settle(steps.now())
        try await expect(prepared.number, .abandoned)
        try await expectUntouched(account, plan.old)
    }

    /// A process that stood still for so long that its lock went, and goes on.
    private func agreesAfterSettling() async throws {
        let account = try await account()
        let plan = try await plan("late but alive 4711", account)
        let prepared = try await first.ledger.prepare(plan)
        await prepared.release()
        try await second.settle(steps.now())
        let outcome = try await first.ledger.commit(prepared)
        let (stands, state) = (try await stored(account), try await record(prepared.number).state)
        switch outcome {
        case .done:
            try BrokenPromise.unless(
                state == .done && stands.agrees(with: plan.new, in: directory.decisiveColumns),
                "the commit says done, the journal \(state)")
        case .changedMeanwhile:
            try BrokenPromise.unless(
                state == .abandoned && stands == plan.old, "the commit says changed, the journal \(state)")
        }
    }

    private func takesBack() async throws {
        let account = try await account()
        let plan = try await plan("taken back 4711", account)
        let number = try await done(plan)
        let undo = self.plan(account, from: plan.new, to: plan.old, undoes: number, isKept: false)
        let undoing = try await done(undo)
        try await expectUntouched(account, plan.old)
        let record = try await record(undoing)
        try BrokenPromise.unless(record.undoes == number, "the journal does not say what was taken back")
        for each in [number, undoing] {
            let kept = try await second.journal.sealedColumns(of: each)
            try BrokenPromise.unless(kept == nil, "what was taken back could be taken back again")
        }
    }

    private func keepsForUndo() async throws {
        let account = try await account()
        let number = try await done(try await plan("kept for undo 4711", account))
        let end = steps.now() + Self.kept
        try await second.settle(end + .seconds(-60))
        let before = try await second.journal.sealedColumns(of: number)
        try BrokenPromise.unless(before != nil, "old values were dropped before their time")
        try await second.settle(end + .seconds(60))
        let after = try await second.journal.sealedColumns(of: number)
        try BrokenPromise.unless(after == nil, "old values are kept beyond their time")
        let earlier = try await done(try await plan("kept for undo 4712", account))
        let compromised = try await done(try await plan("kept by nobody 4711", account, isKept: false))
        for each in [earlier, compromised] {
            let kept = try await second.journal.sealedColumns(of: each)
            try BrokenPromise.unless(kept == nil, "a password that nobody is to have again is kept")
        }
    }
}
