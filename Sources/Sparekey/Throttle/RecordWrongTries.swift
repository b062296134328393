/// Puts wrong and refused tries into the audit trail, at most one row a name and minute, so that a flood cannot fill it
/// (SEC-10). Whether the name is anybody's makes no difference: it is always the keyed hash.
public struct RecordWrongTries: Sendable {
    private let register: any ThrottleRegister
    private let keys: ThrottleKeys
    private let clock: any WallClock

    public init(register: any ThrottleRegister, key: InstanceKey, clock: any WallClock) {
        self.register = register
        self.clock = clock
        keys = ThrottleKeys(key)
    }

    /// The password or code of `attempt` was wrong, or was refused silently. Costs one small write transaction.
    public func callAsFunction(_ attempt: ThrottledTry) async throws {
        let name = attempt.name.map(keys.nameHash)
        try await note(
            attempt.act.refusal, .refused, subject: name ?? attempt.address ?? "", address: attempt.address,
            nameHash: name, isCounted: true)
    }

    /// A visible limit was reached. Where it was the address's, the row is the address's: one address that tries many
    /// names must not write a row for each.
    func limited(_ attempt: ThrottledTry, by counter: ThrottleCounter) async throws {
        let name = counter.scope == .name ? attempt.name.map(keys.nameHash) : nil
        try await note(
            attempt.act.refusal, .throttled, subject: name ?? attempt.address ?? "", address: attempt.address,
            nameHash: name, isCounted: false)
    }

    func limited(administrator: Account, address: String?) async throws {
        let event = AuditEvent(
            .administrationRefused, actor: .administrator(administrator, address: address), at: clock.now, account: nil,
            outcome: .throttled)
        let key = keys.note(event.action, event.outcome, Array(administrator.id.utf8))
        try await register.record(AuditNote(key: key, event: event, period: .seconds(60), isCounted: false))
    }

    /// A budget of codes is spent: one row a day for each.
    func spent(_ counter: ThrottleCounter, of account: ThrottledAccount, address: String?) async throws {
        let isInstance = counter.scope == .instanceDay
        var nameHash: String?
        if !isInstance, case .unknown(let name) = account { nameHash = keys.nameHash(name) }
        let event = AuditEvent(
            .codeBudgetSpent, actor: .visitor(address: address), at: clock.now,
            account: isInstance ? nil : account.account, reason: counter.scope.spentText, outcome: .throttled,
            nameHash: nameHash)
        try await register.record(
            AuditNote(
                key: keys.note(event.action, event.outcome, counter.key), event: event, period: CodeBudgets.day,
                isCounted: false))
    }

    /// Writes what was only counted and whose minute is over. The server calls it every minute and before it ends; without
    /// it the counts come with the next wrong tries.
    ///
    /// - Returns: how many notes it closed.
    @discardableResult
    public func settle() async throws -> Int {
        try await register.settleNotes(now: clock.now, limit: 256)
    }

    private func note(
        _ action: AuditEvent.Action, _ outcome: AuditEvent.Outcome, subject: String, address: String?,
        nameHash: String?, isCounted: Bool
    ) async throws {
        let event = AuditEvent(
            action, actor: .visitor(address: address), at: clock.now, account: nil, outcome: outcome, nameHash: nameHash
        )
        let key = keys.note(action, outcome, Array(subject.utf8))
        try await register.record(AuditNote(key: key, event: event, period: .seconds(60), isCounted: isCounted))
    }
}

extension ThrottledAct {
    var refusal: AuditEvent.Action {
        switch self {
        case .request: .requestRefused
        case .signIn: .signInRefused
        case .guess: .guessRefused
        }
    }
}

extension ThrottleCounter.Scope {
    fileprivate var spentText: String {
        switch self {
        case .accountDay: "too many codes were tried for this account today; its codes need an approval"
        case .accountSinceSuccess:
            "too many codes were tried for this account since the last right one; its codes need an approval"
        default: "too many wrong codes today; all codes need an approval"
        }
    }
}
