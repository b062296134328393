/// Which limits an account has reached, and lifting them: `users show` and `users unlock`.
public struct UnlockAccount: Sendable {
    private let register: any ThrottleRegister
    private let codes: any ResetCodeRegister
    private let keys: ThrottleKeys
    private let limits: ThrottleLimits
    private let clock: any WallClock

    public init(
        register: any ThrottleRegister, codes: any ResetCodeRegister, key: InstanceKey, limits: ThrottleLimits,
        clock: any WallClock
    ) {
        self.register = register
        self.codes = codes
        self.limits = limits
        self.clock = clock
        keys = ThrottleKeys(key)
    }

    /// Lifts every limit of the account and forgets its tries, with one audit row. Limits of an address, and the instance's
    /// budget of wrong codes, are not the account's and stay.
    ///
    /// - Returns: what had been reached, and whether anything was written.
    public func callAsFunction(
        _ account: Account, actor: Actor, reason: String?, proof: Proof = .operatorShell
    ) async throws -> (reached: [ReachedLimit], changed: Bool) {
        let reached = try await reached(by: account)
        let cleared = try await register.clear(
            account: account,
            audit: AuditEvent(
                .accountUnlocked, actor: actor, at: clock.now, account: account, proof: proof.kind,
                reason: reason))
        return (reached, cleared > 0)
    }

    /// The limits that hold the account up at this moment. Reads only.
    public func reached(by account: Account) async throws -> [ReachedLimit] {
        guard limits.areOn else { return [] }
        let watched = keys.watched(account, limits)
        let standings = try await register.standings(of: watched.map(\.counter), now: clock.now)
        let reached: [ReachedLimit] = watched.compactMap { watched in
            guard let standing = standings.first(where: { $0.counter.key == watched.counter.key }), standing.isFull
            else { return nil }
            let endsAt = standing.endsAt == ThrottleCounter.never ? nil : standing.endsAt
            return ReachedLimit(what: watched.what, endsAt: endsAt)
        }
        return reached + (try await budgets(of: account))
    }

    private func budgets(of account: Account) async throws -> [ReachedLimit] {
        let now = clock.now
        let used = try await codes.comparisons(of: account, now: now)
        var reached: [ReachedLimit] = []
        if used.today >= CodeBudgets.standard.accountDay {
            reached.append(ReachedLimit(what: "codes tried today", endsAt: now.nextDay))
        }
        if used.sinceSuccess >= CodeBudgets.standard.accountSinceSuccess {
            reached.append(ReachedLimit(what: "codes tried since the last reset", endsAt: nil))
        }
        return reached
    }
}

/// A limit that an account has reached.
public struct ReachedLimit: Sendable, Hashable {
    /// As in "sign-ins as 'ada'".
    public let what: String
    /// nil where only a reset ends it.
    public let endsAt: Timestamp?
}

extension ThrottleKeys {
    /// Every counter that is about this account, those under a name first: the order of row locks.
    public func counters(ofAccount id: String, names: [String]) -> (names: [[UInt8]], own: [[UInt8]]) {
        let named = names.flatMap { text in ThrottledAct.allCases.map { name(AccountName(text), $0) } }
        return (named, [account(id: id, .account)])
    }

    fileprivate func watched(
        _ account: Account, _ limits: ThrottleLimits
    ) -> [(what: String, counter: ThrottleCounter)] {
        let window = ThrottleLimits.window
        let names = account.names.flatMap { text in
            ThrottledAct.allCases.map { act in
                let key = name(AccountName(text), act)
                let limit = limits.of(act).perName
                return ("\(act.plural) as '\(text)'", ThrottleCounter(.name, key: key, limit: limit, window: window))
            }
        }
        let signIns = ThrottleCounter(
            .account, key: self.account(id: account.id, .account), limit: limits.signIn.perName, window: window)
        return names + [("sign-ins under all its names", signIns)]
    }
}

extension Timestamp {
    /// The midnight (UTC) that is to come.
    fileprivate var nextDay: Timestamp {
        let day: Int64 = 86_400_000_000
        return Timestamp(microseconds: (microseconds / day + 1) * day)
    }
}

extension Account {
    /// What it may be called when it is typed.
    public var names: [String] { [username, email].compactMap(\.self) }
}

extension ThrottledAct {
    fileprivate var plural: String {
        switch self {
        case .request: "requests for a code"
        case .signIn: "sign-ins"
        case .guess: "codes tried"
        }
    }
}
