import Foundation

/// Takes a request for a reset code (NEX-1, NEX-4).
///
/// Never looks an account up: it writes one row, the same for every name, and ``IssueResetCodes`` looks at it later.
public struct RequestResetCode: Sendable {
    private let codes: any ResetCodeRegister
    private let limits: TryLimits
    private let key: InstanceKey
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        codes: any ResetCodeRegister, limits: TryLimits, key: InstanceKey, clock: any WallClock,
        random: any RandomSource
    ) {
        self.limits = limits
        self.codes = codes
        self.key = key
        self.clock = clock
        self.random = random
    }

    /// Costs two small transactions: the limits' and the row's.
    ///
    /// - Parameters:
    ///   - name: as typed; beyond 320 characters the rest is not kept, as no account has such a name.
    ///   - app: the app's name; nil for the own directory.
    ///   - address: of whoever asks.
    /// - Throws: ``RecoveryError`` `throttled`.
    public func callAsFunction(name: String, app: String? = nil, address: String?) async throws {
        let typed = AccountName(String(AccountName(name).text.unicodeScalars.prefix(320)))
        _ = try await limits.admit(ThrottledTry(.request, address: address, name: typed))
        let app = app.map { DisplayText($0, limit: 64).text }
        let id = random.uuid()
        let sealed = try Seal(key).seal(Data(typed.text.utf8), for: NewCodeRequest.nameRow(id))
        try await codes.add(
            NewCodeRequest(
                id: id, app: app, sealedName: sealed, address: address, at: clock.now,
                audit: AuditEvent(
                    .codeRequested, actor: .visitor(address: address), at: clock.now, account: nil, app: app,
                    proof: Proof.codeKind, nameHash: ThrottleKeys(key).nameHash(typed))))
    }
}
