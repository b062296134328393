/// What somebody asks of the pipeline, with the proof in hand.
public struct ResetRequest: Sendable {
    public let account: Account
    public let password: AcceptedPassword
    public let form: ResetForm
    public let proof: Proof
    public let actor: Actor
    public let reason: String?
    /// `--force-change` or `--no-force-change`; nil leaves it to RST-1.
    public let forceChange: Bool?
    /// Whether the replaced values are kept sealed for `undo`.
    public let keepsUndo: Bool
    /// The one session that does not end: the caller's, at the owner's own change (SEC-3).
    public let keptSession: KeptSession?
    /// The stored hash that the proof was held against. Where another stands by now, the proof is void.
    public let verifiedHash: String?
    /// What stood there when somebody was asked whether to go on. Where another password stands by now, the yes is void.
    public let confirmed: StoredColumns?

    public init(
        account: Account, password: AcceptedPassword, form: ResetForm, proof: Proof, actor: Actor, reason: String?,
        forceChange: Bool?, keepsUndo: Bool, keptSession: KeptSession? = nil, verifiedHash: String? = nil,
        confirmed: StoredColumns? = nil
    ) {
        self.keptSession = keptSession
        self.verifiedHash = verifiedHash
        self.confirmed = confirmed
        self.account = account
        self.password = password
        self.form = form
        self.proof = proof
        self.actor = actor
        self.reason = reason
        self.forceChange = forceChange
        self.keepsUndo = keepsUndo
    }

    /// The reason "compromised", in any case: nothing of the old password is kept.
    public var isCompromised: Bool {
        reason?.lowercased() == "compromised"
    }
}

/// What the pipeline is about to do, for whoever shows progress.
public enum ResetStage: Sendable {
    case hashing
    case updating
    case clearing
}

/// How a reset ended.
public struct ResetReport: Sendable {
    public let account: Account
    /// Nil in the own directory.
    public let app: AppReference?
    /// The journal's number.
    public let number: Int64
    public let requirePasswordChange: Bool
    /// When the password stops working, if it is temporary.
    public let expiresAt: Timestamp?
    /// Until when `undo` can put the old password back; nil where nothing is kept.
    public let undoUntil: Timestamp?
    public let refresh: RefreshOutcome
    /// What a program's own sign-in said to the new password.
    public let signIn: SignInTrial
    /// Another reset was committed right after this one, so that its password is the one that works.
    public let superseded: Bool
}

/// The reset: the one pipeline that every proof ends in. policy → plan → hash → apply → verify → refresh → notify → audit.
///
/// Policy has been passed by whoever holds an ``AcceptedPassword``. Hashing comes before the plan is journalled, and each
/// new value is proved to accept the password before anything is written. Apply, the read-back and the audit row are
/// one transaction of the store, so that a crash at any point leaves the old password or the new one.
public struct ResetPassword: Sendable {
    private let directory: any Directory
    private let ledger: any ResetLedger
    private let credentials: any CredentialMaker
    private let refresh: any LiveRefresh
    private let trySignIn: any TrySignIn
    private let rules: ResetRules
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        directory: any Directory, ledger: any ResetLedger, credentials: any CredentialMaker, refresh: any LiveRefresh,
        trySignIn: any TrySignIn = NoSignInToTry(), rules: ResetRules, clock: any WallClock, random: any RandomSource
    ) {
        self.refresh = refresh
        self.trySignIn = trySignIn
        self.directory = directory
        self.ledger = ledger
        self.credentials = credentials
        self.rules = rules
        self.clock = clock
        self.random = random
    }

    /// Runs the pipeline. Costs two runs of the directory's hash scheme (make, prove) and two small transactions.
    ///
    /// - Throws: ``RecoveryError`` `changedMeanwhile` when others kept changing the account for ten seconds, `unknownAccount`
    ///   when it went away, `unclear` when the database went away during the commit, or what the store throws. After
    ///   every error but `unclear` the old password works.
    public func callAsFunction(
        _ request: ResetRequest, progress: (ResetStage) -> Void = { _ in }
    ) async throws -> ResetReport {
        progress(.hashing)
        let temporary = rules.temporary.isTemporary(
            form: request.form, origin: request.password.origin, forced: request.forceChange)
        let expiry = rules.temporary.expiry(temporary: temporary, now: clock.now)
        let new = try await credentials(
            request.password.password, account: request.account, replacing: try await stored(request.account),
            requireChange: temporary, expiresAt: expiry)
        progress(.updating)
        let prepared = try await CommitReset(ledger: ledger, patience: rules.patience) {
            try await plan(request, new: new)
        }()
        progress(.clearing)
        let written = directory.isTemporary(new)
        return ResetReport(
            account: request.account, app: directory.app, number: prepared.number,
            requirePasswordChange: written.requiresChange, expiresAt: written.expiresAt,
            undoUntil: prepared.plan.undoUntil, refresh: await prepared.plan.refresh(by: refresh),
            signIn: await trySignIn(request.account, with: request.password.password),
            superseded: await isSuperseded(prepared.plan))
    }

    /// Decides everything and writes nothing: what `--dry-run` shows.
    public func plan(_ request: ResetRequest, new: StoredColumns) async throws -> ResetPlan {
        let old = try await stored(request.account)
        if let verified = request.verifiedHash, old[OwnColumn.passwordHash] != .text(verified) {
            throw RecoveryError(
                .wrongCurrentPassword, reason: "the password was changed by somebody else meanwhile",
                hint: "nothing was changed by this call; sign in again")
        }
        if let confirmed = request.confirmed, !old.agrees(with: confirmed, in: directory.decisiveColumns) {
            throw RecoveryError(
                .changedMeanwhile,
                reason: "the password of '\(request.account.username)' was changed by somebody else meanwhile",
                hint: "nothing was changed by this command; ask whoever else looks after this, then run it again")
        }
        let now = clock.now
        return ResetPlan(
            id: random.uuid(), app: directory.app, account: request.account, old: old, new: new,
            revocations: Set(Revocation.allCases), keptSession: request.keptSession, proof: request.proof,
            historyKept: rules.historyKept,
            undoes: nil, undoUntil: undoUntil(request, now: now),
            audit: AuditEvent(
                request.form == .owner ? .passwordChanged : .passwordReset, actor: request.actor, at: now,
                account: request.account, app: directory.app?.name,
                proof: request.proof.kind, reason: request.reason),
            at: now)
    }

    private func undoUntil(_ request: ResetRequest, now: Timestamp) -> Timestamp? {
        guard request.keepsUndo, !request.isCompromised else { return nil }
        return now + rules.undoKept
    }

    /// Only for information: nothing after the commit may make the reset look as if it had failed.
    private func isSuperseded(_ plan: ResetPlan) async -> Bool {
        guard let stored = try? await directory.read(plan.account) else { return false }
        return !stored.agrees(with: plan.new, in: directory.decisiveColumns)
    }

    private func stored(_ account: Account) async throws -> StoredColumns {
        guard let columns = try await directory.read(account) else {
            throw RecoveryError(.unknownAccount, reason: "the account was removed meanwhile")
        }
        return columns
    }
}

/// The settings that shape a reset.
public struct ResetRules: Sendable {
    public let temporary: TemporaryPasswords
    public let historyKept: Int
    public let undoKept: Duration
    /// How long a reset goes on trying while others change the same account.
    public let patience: Duration

    public init(
        temporary: TemporaryPasswords, historyKept: Int, undoKept: Duration, patience: Duration = .seconds(10)
    ) {
        self.temporary = temporary
        self.historyKept = historyKept
        self.undoKept = undoKept
        self.patience = patience
    }
}
