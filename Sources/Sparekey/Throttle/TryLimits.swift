/// The limits in front of what anybody may try without being signed in: requests, codes, tokens.
public struct TryLimits: Sendable {
    private let chargeTry: ChargeTry
    private let recordWrongTries: RecordWrongTries

    public init(chargeTry: ChargeTry, recordWrongTries: RecordWrongTries) {
        self.chargeTry = chargeTry
        self.recordWrongTries = recordWrongTries
    }

    /// Charges a try before it is looked at.
    ///
    /// - Throws: ``RecoveryError`` `throttled`.
    func admit(_ attempt: ThrottledTry) async throws -> ThrottleCharge {
        let charge = try await chargeTry(attempt)
        if let error = charge.error { throw error }
        return charge
    }

    /// What a try costs, for whoever charges it in the transaction of what it is for; nil where limits are off.
    func demand(of attempt: ThrottledTry) -> ThrottleDemand? {
        chargeTry.demand(of: attempt)
    }

    /// What became of a ``demand(of:)``.
    ///
    /// - Throws: ``RecoveryError`` `throttled`.
    func conclude(_ charge: ThrottleCharge, of attempt: ThrottledTry) async throws {
        try await chargeTry.record(charge, of: attempt)
        if let error = charge.error { throw error }
    }

    /// The try was right: it does not count.
    func giveBack(_ charge: ThrottleCharge) async throws {
        try await chargeTry.giveBack(charge)
    }

    /// The try was wrong, and nothing else leaves a trace of it.
    func record(_ attempt: ThrottledTry) async throws {
        try await recordWrongTries(attempt)
    }
}
