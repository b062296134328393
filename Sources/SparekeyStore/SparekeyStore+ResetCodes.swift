public import Sparekey
import SparekeySQL

extension SparekeyStore: ResetCodeRegister {
    public func add(_ request: NewCodeRequest, charging demand: ThrottleDemand?) async throws -> ThrottleCharge {
        try await Self.limited(at: request.at) {
            try await codeRequests { try add(request, charging: demand, $0) }
        }
    }

    private func add(
        _ request: NewCodeRequest, charging demand: ThrottleDemand?, _ connection: any SQLConnection
    ) throws -> ThrottleCharge {
        // Before the counters of tries, as in every transaction that locks both.
        try Self.lockTrail(connection)
        let charge = try demand.map { try ThrottleTable.charge($0, connection) }
        try appendAudit(request.audit, connection)
        let number = try Self.next("request", connection)
        try connection.execute(
            """
            INSERT INTO reset_request (id, number, app, sealed_name, address, state, over_budget, created_at)
            VALUES (\(request.id), \(number), \(request.app.sqlValue), \(request.sealedName),
              \(request.address.sqlValue), 'new', 0, \(request.at.microseconds))
            """)
        return charge ?? ThrottleCharge(verdict: .allowed, full: nil, counted: [], at: request.at)
    }

    public func issue(_ drafts: [CodeDraft]) async throws -> [CodeIssue] {
        try await database.transaction(.write) { connection in
            try Self.lockTrail(connection)
            return try drafts.map { try issue($0, connection) }
        }
    }

    private func issue(_ draft: CodeDraft, _ connection: any SQLConnection) throws -> CodeIssue {
        guard try Self.isOpen(draft, connection) else { return .taken }
        let tally = try CodeTally(draft.subject, at: draft.at, connection)
        let live = try LiveCode.all(of: draft.subject, at: draft.at, connection)
        let issue = Self.decision(draft, tally, live)
        // An approval that finds enough codes changes nothing: it can be given again.
        if issue == .withheld, draft.approval != nil { return issue }
        if issue == .issued { try Self.begin(draft, tally, live, connection) }
        try Self.settle(draft, issue, connection)
        try appendAudit(draft.event(issue), connection)
        return issue
    }

    public func guess(_ guess: CodeGuess) async throws -> CodeGuessOutcome {
        try await database.transaction(.write) { connection in
            try Self.lockTrail(connection)
            let tally = try CodeTally(guess.subject, at: guess.at, connection)
            let usable = tally.usable(
                try LiveCode.all(of: guess.subject, at: guess.at, connection), budgets: guess.budgets)
            let isCounted = try tally.count(usable.isEmpty ? 0 : 1, connection)
            let wasCompared = isCounted && !usable.isEmpty
            let right = wasCompared ? usable.first { guess.matches($0.mac, request: $0.request) } : nil
            try tally.conclude(wasCompared: wasCompared, isRight: right != nil, connection)
            if right == nil, tally.isNewMinute { try appendAudit(guess.audit, connection) }
            if right == nil, wasCompared, tally.endsBudget(guess.budgets) {
                try appendAudit(guess.budgetSpent, connection)
            }
            return CodeGuessOutcome(request: right?.request, wasCompared: wasCompared)
        }
    }

    /// Ends what a reset of the account makes needless (SEC-3), and begins its tries and its long budget anew.
    func voidCodes(
        of accountID: String, app: AppReference?, at now: Timestamp, _ connection: any SQLConnection
    ) throws {
        // By the subject: two apps may have accounts of one id.
        let subject = CodeSubject(accountID: accountID, app: app, key: key)
        try connection.execute(
            """
            UPDATE reset_code SET voided_at = \(now.microseconds), sealed = NULL
            WHERE subject = \(subject.bytes) AND used_at IS NULL AND voided_at IS NULL
            """)
        let place: SQLStatement = app.map { "app = \($0.name)" } ?? "app IS NULL"
        try connection.execute(
            """
            UPDATE reset_request SET state = 'void', settled_at = \(now.microseconds)
            WHERE account_id = \(accountID) AND state = 'waiting' AND \(part: place)
            """)
        try connection.execute("UPDATE code_tries SET tries = 0, compared = 0 WHERE subject = \(subject.bytes)")
    }

    /// Begins the account's budgets of comparisons anew. The tries of codes that live stay counted.
    func clearCodeBudgets(of account: Account, _ connection: any SQLConnection) throws -> Int {
        try connection.execute(
            """
            UPDATE code_tries SET compared_on_day = 0, compared = 0
            WHERE subject = \(CodeSubject(account, app: nil, key: key).bytes) AND (compared_on_day > 0 OR compared > 0)
            """)
    }

    /// The audit trail's counter is locked first, as in every other transaction that may come to append to it: two that
    /// took their rows in different orders would wait for each other. It also lets one guess at a time through, on however
    /// many servers. SQLite's writer holds the whole database already.
    static func lockTrail(_ connection: any SQLConnection) throws {
        guard connection.dialect == .postgreSQL else { return }
        _ = try connection.query("SELECT value FROM counter WHERE name = 'audit' FOR UPDATE")
    }

    /// Whether nobody decided the request yet, but for its waiting for this approval.
    private static func isOpen(_ draft: CodeDraft, _ connection: any SQLConnection) throws -> Bool {
        let row = try connection.query("SELECT state FROM reset_request WHERE id = \(draft.request)").first
        guard let state = try row?.text("state") else { return false }
        return state == "new" || (state == "waiting" && draft.approval != nil)
    }

    private static func decision(_ draft: CodeDraft, _ tally: CodeTally, _ live: [LiveCode]) -> CodeIssue {
        if draft.isStale { return .withheld }
        if draft.approval == nil {
            let isOverBudget = tally.isOver(draft.rules.budgets)
            if isOverBudget || draft.rules.needsApproval { return .waiting(isOverBudget: isOverBudget) }
        }
        let isEnough = tally.usable(live, budgets: draft.rules.budgets).count >= CodeRules.liveCodes
        return isEnough && !tally.isSpent ? .withheld : .issued
    }

    /// Adds the code to those that live, or begins anew where none does or their tries are spent.
    private static func begin(
        _ draft: CodeDraft, _ tally: CodeTally, _ live: [LiveCode], _ connection: any SQLConnection
    ) throws {
        if tally.isSpent || tally.usable(live, budgets: draft.rules.budgets).isEmpty {
            try connection.execute(
                """
                UPDATE reset_code SET voided_at = \(draft.at.microseconds), sealed = NULL
                WHERE subject = \(draft.subject.bytes) AND used_at IS NULL AND voided_at IS NULL
                """)
            try tally.beginAnew(connection)
        }
        try connection.execute(
            """
            INSERT INTO reset_code (request_id, subject, account_id, mac, sealed, approved, created_at, expires_at)
            VALUES (\(draft.request), \(draft.subject.bytes), \(draft.subject.accountID.sqlValue), \(draft.mac),
              \(draft.sealed), \(draft.approval != nil), \(draft.at.microseconds),
              \(draft.expiresAt.microseconds))
            """)
    }

    private static func settle(_ draft: CodeDraft, _ issue: CodeIssue, _ connection: any SQLConnection) throws {
        let (state, isOverBudget) =
            switch issue {
            case .issued: ("issued", false)
            case .waiting(let isOverBudget): ("waiting", isOverBudget)
            case .withheld, .taken: ("withheld", false)
            }
        // An own account's is looked up where it is shown: it may change.
        let username = draft.app == nil ? nil : draft.account?.username
        try connection.execute(
            """
            UPDATE reset_request SET state = \(state), over_budget = \(isOverBudget),
              account_id = \(draft.subject.accountID.sqlValue), username = \(username.sqlValue),
              settled_at = \(draft.at.microseconds)
            WHERE id = \(draft.request)
            """)
    }
}

/// A code that was neither used nor voided and whose time is not over.
struct LiveCode {
    let request: String
    let mac: [UInt8]
    let isApproved: Bool

    static func all(of subject: CodeSubject, at now: Timestamp, _ connection: any SQLConnection) throws -> [LiveCode] {
        let newest = now + Proof.clockTolerance
        return try connection.query(
            """
            SELECT request_id, mac, approved FROM reset_code
            WHERE subject = \(subject.bytes) AND used_at IS NULL AND voided_at IS NULL
              AND expires_at > \(now.microseconds) AND created_at <= \(newest.microseconds)
            ORDER BY created_at, request_id LIMIT 16
            """
        ).map { row in
            LiveCode(
                request: try row.text("request_id"), mac: try row.blob("mac"), isApproved: try row.bool("approved"))
        }
    }
}
