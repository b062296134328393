import PasswordHashing
import Sparekey
import SparekeyStore
import SparekeyTesting
import Testing

/// The flows of reset codes around a fixture's store, or around another handle on its database.
struct CodeFixture: Sendable {
    let base: StoreFixture
    let store: SparekeyStore
    let notices = CapturedNotices()
    let rules: CodeRules

    init(
        _ base: StoreFixture, _ store: SparekeyStore? = nil, needsApproval: Bool = false,
        budgets: CodeBudgets? = .standard
    ) {
        self.base = base
        self.store = store ?? base.store
        rules = CodeRules(lifetime: .seconds(600), needsApproval: needsApproval, budgets: budgets)
    }

    var request: RequestResetCode {
        RequestResetCode(
            codes: store, limits: base.tryLimits(store), directories: base.directories(store), key: base.key,
            clock: base.clock, random: SystemRandomSource())
    }

    func issue(_ random: any RandomSource = SystemRandomSource()) -> IssueResetCodes {
        IssueResetCodes(
            codes: store, directories: base.directories(store), delivery: notices, key: base.key, rules: rules,
            clock: base.clock,
            random: random)
    }

    var verify: VerifyResetCode {
        VerifyResetCode(
            codes: store, limits: base.tryLimits(store), directories: base.directories(store), key: base.key,
            budgets: rules.budgets,
            clock: base.clock)
    }

    func reset(history: Int = 0) -> ResetWithCode {
        ResetWithCode(verify: verify, directories: base.directories(store, history: history))
    }

    var decide: DecideCodeRequest {
        DecideCodeRequest(
            codes: store, directories: base.directories(store), key: base.key, rules: rules, clock: base.clock,
            random: SystemRandomSource())
    }

    /// Asks for a code and has it issued; the code that was delivered, if one was.
    @discardableResult
    func code(for name: String, random: any RandomSource = SystemRandomSource()) async throws -> String? {
        let before = notices.codes.count
        try await request(name: name, address: "192.0.2.7")
        try await issue(random)()
        return notices.codes.dropFirst(before).first
    }

    func verifies(_ name: String, _ code: String) async -> Bool {
        await recoveryCode { try await verify(name: name, code: code, address: nil) } == nil
    }

    @discardableResult
    func use(_ name: String, _ code: String, _ password: String, history: Int = 0) async throws -> ResetReport {
        try await reset(history: history)(
            ResetWithCode.Request(name: name, code: code, password: Password(utf8: password), address: "192.0.2.7"))
    }

    /// The code of the error that using it ends in; nil when it works.
    func refusal(_ name: String, _ code: String, _ password: String) async -> RecoveryError.Code? {
        await recoveryCode { try await use(name, code, password) }
    }

    /// Six digits that are none of `codes`.
    static func wrong(_ codes: String...) -> String {
        for candidate in ["000000", "000001", "000002", "000003"] where !codes.contains(candidate) { return candidate }
        preconditionFailure("one of four is none of three")
    }
}

/// Makes codes that a test knows beforehand; everything else is random.
struct KnownCodes: RandomSource {
    let number: UInt32

    func bytes(_ count: Int) -> [UInt8] {
        guard count == 3 else { return SystemRandomSource().bytes(count) }
        return [UInt8(number >> 16), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }
}
