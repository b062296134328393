import Sparekey
import SparekeySQL
import SparekeyStore
import SparekeyTesting

/// The throttle's flows over a store on a fresh database, with small limits.
struct ThrottleFixture: Sendable {
    static let limits = ThrottleLimits(
        areOn: true, request: RateLimit(perAddress: 8, perName: 5), signIn: RateLimit(perAddress: 6, perName: 3),
        guess: RateLimit(perAddress: 8, perName: 5))

    let fixture: StoreFixture
    var clock: FixedClock { fixture.clock }
    var store: SparekeyStore { fixture.store }

    static func with(_ kind: TestDatabase.Kind, _ body: (ThrottleFixture) async throws -> Void) async throws {
        try await StoreFixture.with(kind) { try await body(ThrottleFixture(fixture: $0)) }
    }

    func charging(_ store: SparekeyStore? = nil, limits: ThrottleLimits = limits) -> ChargeTry {
        ChargeTry(register: store ?? self.store, key: fixture.key, limits: limits, clock: clock)
    }

    func comparing(_ budgets: CodeBudgets?) -> ChargeComparison {
        ChargeComparison(register: store, key: fixture.key, budgets: budgets, clock: clock)
    }

    var recording: RecordWrongTries { RecordWrongTries(register: store, key: fixture.key, clock: clock) }
    var unlocking: UnlockAccount {
        UnlockAccount(register: store, key: fixture.key, limits: Self.limits, clock: clock)
    }

    /// A sign-in as `name`, who is `account` if anybody.
    func signIn(
        _ name: String, _ account: Account?, from address: String = "192.0.2.1", device: DeviceToken? = nil
    ) async throws -> ThrottleVerdict {
        let name = AccountName(name)
        return try await charging()(
            ThrottledTry(
                .signIn, address: address, name: name, account: ThrottledAccount(account, named: name), device: device)
        ).verdict
    }

    func request(_ name: String, from address: String = "192.0.2.1") async throws -> ThrottleVerdict {
        try await charging()(ThrottledTry(.request, address: address, name: AccountName(name))).verdict
    }

    /// Uses up what there is.
    func exhaust(_ body: () async throws -> ThrottleVerdict) async throws {
        for _ in 0..<20 {
            if case .limited = try await body() { return }
        }
        preconditionFailure("no limit was reached")
    }

    func counters() async throws -> Int64 {
        let handle = try await fixture.database.open()
        let rows = try await handle.transaction(.read) { try $0.query("SELECT count(*) AS n FROM throttle") }
        await handle.close()
        return try rows.first?.integer("n") ?? 0
    }

    /// The audit rows with this action, oldest first, without what `fixture.add` wrote.
    func audited(_ action: AuditEvent.Action) async throws -> [String] {
        try await store.rows(after: nil, limit: 1000).rows.compactMap(\.text)
            .filter { $0.contains("\"\(action.rawValue)\"") }
    }
}

extension ThrottleVerdict {
    var isLimited: Bool {
        if case .limited = self { true } else { false }
    }
}
