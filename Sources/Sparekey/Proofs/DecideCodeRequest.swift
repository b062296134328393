/// Approves or denies a request, and reveals its code: what administrators and operators do with the inbox (NEX-5).
///
/// Nobody does any of it for their own account: they have change-password, and somebody else (SEC-15).
public struct DecideCodeRequest: Sendable {
    private let codes: any ResetCodeRegister
    private let make: MakeResetCode
    private let key: InstanceKey
    private let clock: any WallClock

    public init(
        codes: any ResetCodeRegister, directories: any RecoverableDirectories, key: InstanceKey, rules: CodeRules,
        clock: any WallClock, random: any RandomSource
    ) {
        self.codes = codes
        make = MakeResetCode(
            codes: codes, holder: CodeHolder(directories: directories, key: key), key: key, rules: rules, clock: clock,
            random: random)
        self.key = key
        self.clock = clock
    }

    /// Makes the code exist. Nobody is shown it yet: ``reveal(_:actor:reason:)`` does, and leaves its own audit row.
    ///
    /// - Throws: ``RecoveryError`` `unknownRequest`, `ownAccount` for one's own, `requestClosed`, or `unknownAccount` when
    ///   the name is nobody's.
    public func approve(_ number: Int64, actor: Actor, reason: String?) async throws -> CodeRequest {
        let request = try await find(number, actor: actor)
        guard request.state == .new || request.state == .waiting else { throw Self.closed(request) }
        switch try await make(request, approval: CodeApproval(actor: actor, reason: reason)) {
        case .issued: return try await find(number, actor: actor)
        case .taken, .waiting: throw try await refusal(number)
        case .withheld:
            throw RecoveryError(
                .requestClosed, reason: "the account of request \(number) has \(CodeRules.liveCodes) codes that work",
                hint: "show one of those instead: sparekey requests list")
        }
    }

    /// - Throws: ``RecoveryError`` `unknownRequest`, `ownAccount` for one's own, or `requestClosed`.
    public func deny(_ number: Int64, actor: Actor, reason: String?) async throws -> CodeRequest {
        let request = try await find(number, actor: actor)
        let denied = try await codes.deny(
            request, at: clock.now, audit: event(.codeDenied, request, actor: actor, reason: reason))
        guard denied else { throw try await refusal(number) }
        return try await find(number, actor: actor)
    }

    /// The code of a request, while it works. Each reveal is an audit row.
    ///
    /// - Throws: ``RecoveryError`` `unknownRequest`, `ownAccount` for one's own, or `requestClosed` when no code works.
    public func reveal(_ number: Int64, actor: Actor, reason: String?) async throws -> (CodeRequest, ResetCode) {
        let request = try await find(number, actor: actor)
        let event = event(.codeRevealed, request, actor: actor, reason: reason)
        guard let sealed = try await codes.sealedCode(of: request, at: clock.now, audit: event) else {
            throw Self.closed(request)
        }
        let plain = try Seal(key).open(sealed, for: CodeDraft.sealedRow(request.id))
        return (request, ResetCode(opened: plain))
    }

    private func find(_ number: Int64, actor: Actor) async throws -> CodeRequest {
        guard let request = try await codes.request(number, now: clock.now) else {
            throw RecoveryError(
                .unknownRequest, reason: "there is no request \(number)", hint: "sparekey requests list shows them all")
        }
        guard actor.accountID == nil || actor.accountID != request.ownAccountID else {
            throw Self.own(request)
        }
        return request
    }

    private func event(
        _ action: AuditEvent.Action, _ request: CodeRequest, actor: Actor, reason: String?
    ) -> AuditEvent {
        AuditEvent(
            action, actor: actor, at: clock.now, accountID: request.accountID, username: request.username,
            app: request.app, proof: Proof.codeKind, reason: reason)
    }

    private func refusal(_ number: Int64) async throws -> RecoveryError {
        guard let request = try await codes.request(number, now: clock.now) else {
            return RecoveryError(.unknownRequest, reason: "there is no request \(number)")
        }
        return Self.closed(request)
    }

    static func own(_ request: CodeRequest) -> RecoveryError {
        RecoveryError(
            .ownAccount, reason: "request \(request.number) is for your own account",
            hint: "nobody approves or reveals their own: change your password, or ask somebody else")
    }

    private static func closed(_ request: CodeRequest) -> RecoveryError {
        RecoveryError(
            .requestClosed, reason: "request \(request.number) \(request.state.words)",
            hint: "sparekey requests list shows what is open; a new request makes a new code")
    }
}

extension CodeRequest.State {
    /// What there is to say of a request in this state, after its number.
    public var words: String {
        switch self {
        case .new: "was not looked at yet"
        case .waiting: "waits for an approval: it has no code yet"
        case .live: "has a code that works"
        case .used: "is done: its code was used"
        case .expired: "is over: its code expired"
        case .void: "is void: the account was reset in another way"
        case .withheld: "got no code: three live already, or it came too late"
        case .denied: "was denied"
        case .nobody: "names nobody who could have a code"
        }
    }
}
