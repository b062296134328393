import Sparekey
import SparekeySQL

/// Proofs of resets in apps. They cannot be spent in the transaction that writes the password, so the journal row reserves
/// them first, and its end says what became of them: spent, free again, or void where nobody knows.
extension SparekeyStore {
    /// Reserves the plan's proof for the journal row `number`, by one conditional update whose row count decides.
    ///
    /// - Throws: ``RecoveryError`` `proofSpent`; `proofReserved` while another reset holds it. Nothing is written then.
    func reserve(_ plan: ResetPlan, for number: Int64, _ connection: any SQLConnection) throws {
        guard let id = plan.proof.id, let app = plan.app else { return }
        let (reserved, holder): (Int, SQLStatement) =
            switch plan.proof.kind {
            case Proof.token(id).kind:
                (
                    try reserveToken(id, plan, app, number, connection),
                    "SELECT reserved_by FROM reset_token WHERE id = \(id)"
                )
            case Proof.code(id).kind:
                (
                    try reserveCode(id, plan, app, number, connection),
                    "SELECT reserved_by FROM reset_code WHERE request_id = \(id)"
                )
            default: preconditionFailure("a proof of this kind has no row to reserve")
            }
        guard reserved != 1 else { return }
        if try connection.query(holder).first?.optionalInteger("reserved_by") != nil {
            throw RecoveryError(
                .proofReserved, reason: "an earlier reset with this \(plan.proof.kind) is not settled yet",
                hint: "in a moment either its password works or the \(plan.proof.kind) can be used again",
                retryAfter: .seconds(5))
        }
        throw RecoveryError(
            .proofSpent, reason: "the \(plan.proof.kind) was used, voided or over before the reset was written",
            hint: "nothing was changed by this reset")
    }

    /// The app holds the new password: the proof is spent, and what else stood for the old one is void (SEC-3).
    func concludeProofs(
        of number: Int64, accountID: String, app: AppReference, at now: Timestamp, _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            UPDATE reset_code SET used_at = \(now.microseconds), sealed = NULL, reserved_by = NULL
            WHERE reserved_by = \(number)
            """)
        try connection.execute(
            "UPDATE reset_token SET used_at = \(now.microseconds), reserved_by = NULL WHERE reserved_by = \(number)")
        try connection.execute(
            """
            DELETE FROM reset_token
            WHERE account_id = \(accountID) AND app IS NOT NULL AND place = \(app.database) AND used_at IS NULL
            """)
        try voidCodes(of: accountID, app: app, at: now, connection)
    }

    /// The app holds the old password: the proof can be used again, as long as it would have worked anyway.
    static func releaseProofs(of number: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("UPDATE reset_code SET reserved_by = NULL WHERE reserved_by = \(number)")
        try connection.execute(
            "UPDATE reset_token SET reserved_by = NULL, used_from = NULL WHERE reserved_by = \(number)")
    }

    /// Nobody knows whether it was used: it works no more.
    static func voidProofs(of number: Int64, at now: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            UPDATE reset_code SET voided_at = \(now.microseconds), sealed = NULL, reserved_by = NULL
            WHERE reserved_by = \(number)
            """)
        try connection.execute("DELETE FROM reset_token WHERE reserved_by = \(number)")
    }

    private func reserveToken(
        _ id: String, _ plan: ResetPlan, _ app: AppReference, _ number: Int64, _ connection: any SQLConnection
    ) throws -> Int {
        try connection.execute(
            """
            UPDATE reset_token SET reserved_by = \(number), used_from = \(plan.proof.spentFrom.sqlValue)
            WHERE id = \(id) AND used_at IS NULL AND reserved_by IS NULL AND account_id = \(plan.account.id)
              AND app = \(app.name) AND place = \(app.database) AND \(part: Self.inTime(plan))
              AND \(part: Self.issuerStands)
            """)
    }

    private func reserveCode(
        _ id: String, _ plan: ResetPlan, _ app: AppReference, _ number: Int64, _ connection: any SQLConnection
    ) throws -> Int {
        try connection.execute(
            """
            UPDATE reset_code SET reserved_by = \(number)
            WHERE request_id = \(id) AND used_at IS NULL AND voided_at IS NULL AND reserved_by IS NULL
              AND subject = \(CodeSubject(plan.account, app: app, key: key).bytes) AND \(part: Self.inTime(plan))
            """)
    }
}
