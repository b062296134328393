import Foundation

/// Takes a request for a reset code (NEX-1, NEX-4).
///
/// Never looks an account up: it writes one row, the same for every name, and ``IssueResetCodes`` looks at it later.
public struct RequestResetCode: Sendable {
    private let codes: any ResetCodeRegister
    private let limits: TryLimits
    private let directories: any RecoverableDirectories
    private let keys: ThrottleKeys
    private let seal: Seal
    private let clock: any WallClock
    private let random: any RandomSource

    public init(
        codes: any ResetCodeRegister, limits: TryLimits, directories: any RecoverableDirectories, key: InstanceKey,
        clock: any WallClock, random: any RandomSource
    ) {
        self.directories = directories
        self.limits = limits
        self.codes = codes
        keys = ThrottleKeys(key)
        seal = Seal(key)
        self.clock = clock
        self.random = random
    }

    /// Costs one small transaction, which charges the limits and writes the row.
    ///
    /// - Parameters:
    ///   - name: as typed; beyond 320 characters the rest is not kept, as no account has such a name.
    ///   - app: the app's name; nil for the own directory.
    ///   - address: of whoever asks.
    /// - Throws: ``RecoveryError`` `throttled`, or `unknownApp`: which apps there are is no secret, who has an account is.
    public func callAsFunction(name: String, app: String? = nil, address: String?) async throws {
        let typed = AccountName(String(AccountName(name).text.unicodeScalars.prefix(320)))
        if let app { _ = try directories.named(app) }
        let id = random.uuid()
        let now = clock.now
        let request = NewCodeRequest(
            id: id, app: app, sealedName: try seal.seal(Data(typed.text.utf8), for: NewCodeRequest.nameRow(id)),
            address: address, at: now,
            audit: AuditEvent(
                .codeRequested, actor: .visitor(address: address), at: now, account: nil, app: app,
                proof: Proof.codeKind, nameHash: keys.nameHash(typed)))
        let attempt = ThrottledTry(.request, address: address, name: typed, app: app)
        let charge = try await codes.add(request, charging: limits.demand(of: attempt))
        try await limits.conclude(charge, of: attempt)
    }
}
