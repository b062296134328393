/// Somebody tries something over the network.
public struct ThrottledTry: Sendable {
    public let act: ThrottledAct
    /// The peer's, or the one that a trusted proxy names; nil at the socket in the data folder, which is an operator's.
    public let address: String?
    /// As typed.
    public let name: AccountName?
    /// The app whose accounts are meant; nil for the own directory. A name has budgets of its own in each.
    public let app: String?
    /// Whom the name means. nil where nobody looked: a request for a code does not (NEX-4).
    public let account: ThrottledAccount?
    /// As the browser's cookie says, unchecked.
    public let device: DeviceToken?

    public init(
        _ act: ThrottledAct, address: String?, name: AccountName?, app: String? = nil,
        account: ThrottledAccount? = nil, device: DeviceToken? = nil
    ) {
        self.app = app
        self.act = act
        self.address = address
        self.name = name
        self.account = account
        self.device = device
    }
}

/// Charges a try before its answer is looked at (SEC-1). Docs/decisions/0005-throttle.md says why so.
///
/// Call it before a password is hashed or a code compared:
///
///     let charge = try await chargeTry(ThrottledTry(.signIn, address: peer, name: name, account: …, device: …))
///     if let error = charge.error { throw error }              // 429
///     let isRight = try await verify(…)                         // also where silently refused: same work, same time
///     guard isRight, charge.verdict == .allowed else { try await recordWrongTries(…); … 401 }
///     try await chargeTry.giveBack(charge)
public struct ChargeTry: Sendable {
    private let register: any ThrottleRegister
    private let recorder: RecordWrongTries
    private let key: InstanceKey
    private let keys: ThrottleKeys
    private let limits: ThrottleLimits
    private let clock: any WallClock

    public init(register: any ThrottleRegister, key: InstanceKey, limits: ThrottleLimits, clock: any WallClock) {
        self.register = register
        self.key = key
        self.limits = limits
        self.clock = clock
        keys = ThrottleKeys(key)
        recorder = RecordWrongTries(register: register, key: key, clock: clock)
    }

    /// Costs one small write transaction; a visible refusal costs one without a commit, and once a minute an audit row.
    public func callAsFunction(_ attempt: ThrottledTry) async throws -> ThrottleCharge {
        guard let demand = demand(of: attempt) else { return unlimited }
        let charge = try await register.charge(demand)
        try await record(charge, of: attempt)
        return charge
    }

    /// What a try costs, for whoever charges it in the transaction of what it is for; nil where limits are off.
    func demand(of attempt: ThrottledTry) -> ThrottleDemand? {
        limits.areOn ? demand(attempt) : nil
    }

    /// Leaves a trace of a visible refusal, once a minute.
    func record(_ charge: ThrottleCharge, of attempt: ThrottledTry) async throws {
        if case .limited = charge.verdict, let full = charge.full { try await recorder.limited(attempt, by: full) }
    }

    /// Charges what an administrator does to another account: generously, and visibly.
    public func administrator(_ account: Account, address: String?) async throws -> ThrottleCharge {
        guard limits.areOn else { return unlimited }
        let counter = ThrottleCounter(
            .administrator, key: keys.account(.known(account), .administrator), limit: ThrottleLimits.perAdministrator,
            window: ThrottleLimits.window)
        let charge = try await register.charge(
            ThrottleDemand(first: nil, visible: [counter], silent: nil, at: clock.now))
        if case .limited = charge.verdict { try await recorder.limited(administrator: account, address: address) }
        return charge
    }

    /// Charges a try at the current password by somebody who is signed in: by that session alone, so that strangers who
    /// guess at the name do not keep its owner from changing the password.
    public func ownChange(session id: String) async throws -> ThrottleCharge {
        guard limits.areOn else { return unlimited }
        let counter = ThrottleCounter(
            .session, key: keys.session(id), limit: limits.signIn.perName, window: ThrottleLimits.window)
        return try await register.charge(
            ThrottleDemand(first: nil, visible: [counter], silent: nil, at: clock.now))
    }

    /// Charges a new password that is sent without a session, before it is judged: it is no try, and never given back.
    public func screening(address: String?) async throws -> ThrottleCharge {
        guard limits.areOn, let address else { return unlimited }
        let counter = ThrottleCounter(
            .password, key: keys.newPassword(ThrottledAddress(address)), limit: limits.newPasswordsPerAddress,
            window: ThrottleLimits.window)
        let charge = try await register.charge(
            ThrottleDemand(first: nil, visible: [counter], silent: nil, at: clock.now))
        if case .limited = charge.verdict {
            try await recorder.limited(ThrottledTry(.guess, address: address, name: nil), by: counter)
        }
        return charge
    }

    /// After a right answer: the try does not count. Once a charge.
    public func giveBack(_ charge: ThrottleCharge) async throws {
        guard !charge.counted.isEmpty else { return }
        try await register.giveBack(charge)
    }

    private var unlimited: ThrottleCharge {
        ThrottleCharge(verdict: .allowed, full: nil, counted: [], at: clock.now)
    }

    private func demand(_ attempt: ThrottledTry) -> ThrottleDemand {
        let limit = limits.of(attempt.act)
        let address = attempt.address.map {
            counter(.address, keys.address(ThrottledAddress($0), attempt.act), limit.perAddress)
        }
        let name = attempt.name.map { counter(.name, keys.name($0, attempt.act, app: attempt.app), limit.perName) }
        return ThrottleDemand(
            first: device(attempt), visible: [address, name].compactMap(\.self), silent: account(attempt), at: clock.now
        )
    }

    /// A username and an e-mail are two names as typed and one account: without this it would have two budgets.
    private func account(_ attempt: ThrottledTry) -> ThrottleCounter? {
        guard attempt.act == .signIn, let account = attempt.account else { return nil }
        return counter(.account, keys.account(account, .account), limits.signIn.perName)
    }

    private func device(_ attempt: ThrottledTry) -> ThrottleCounter? {
        guard attempt.act == .signIn, let device = attempt.device, let account = attempt.account?.account,
            device.isGenuine(for: account.id, key: key)
        else { return nil }
        return counter(.device, keys.device(device), limits.signIn.perName)
    }

    private func counter(_ scope: ThrottleCounter.Scope, _ key: [UInt8], _ limit: Int) -> ThrottleCounter {
        ThrottleCounter(scope, key: key, limit: limit, window: ThrottleLimits.window)
    }
}
