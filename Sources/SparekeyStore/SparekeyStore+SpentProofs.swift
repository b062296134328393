import Sparekey
import SparekeySQL

extension SparekeyStore {
    /// Spends the plan's proof inside the transaction of the reset that it proves, by one conditional update whose row
    /// count decides: of many who use one proof at once, on however many servers, one finds it unspent (SEC-2).
    ///
    /// - Throws: ``RecoveryError`` `proofSpent`, which takes the whole reset back.
    static func spend(_ plan: ResetPlan, _ connection: any SQLConnection) throws {
        guard let id = plan.proof.id else { return }
        let spent =
            switch plan.proof.kind {
            case Proof.token(id).kind: try spendToken(id, plan, connection)
            case Proof.code(id).kind: try spendCode(id, plan, connection)
            default: preconditionFailure("a proof of this kind has no row to spend")
            }
        guard spent == 1 else {
            throw RecoveryError(
                .proofSpent, reason: "the \(plan.proof.kind) was used, voided or over before the reset was written",
                hint: "nothing was changed by this reset")
        }
    }

    private static func spendToken(_ id: String, _ plan: ResetPlan, _ connection: any SQLConnection) throws -> Int {
        try connection.execute(
            """
            UPDATE reset_token SET used_at = \(plan.at.microseconds), used_from = \(plan.proof.spentFrom.sqlValue)
            WHERE id = \(id) AND used_at IS NULL AND app IS NULL AND \(part: live(plan)) AND \(part: issuerStands)
            """)
    }

    private static func spendCode(_ id: String, _ plan: ResetPlan, _ connection: any SQLConnection) throws -> Int {
        try connection.execute(
            """
            UPDATE reset_code SET used_at = \(plan.at.microseconds), sealed = NULL
            WHERE request_id = \(id) AND used_at IS NULL AND voided_at IS NULL AND \(part: live(plan))
            """)
    }

    /// Of this account, which may use it, and within its time.
    private static func live(_ plan: ResetPlan) -> SQLStatement {
        """
        account_id = \(plan.account.id) AND \(part: inTime(plan))
        AND EXISTS (SELECT 1 FROM account WHERE id = \(plan.account.id) AND active = 1)
        """
    }

    static func inTime(_ plan: ResetPlan) -> SQLStatement {
        let newest = plan.at + Proof.clockTolerance
        return "expires_at > \(plan.at.microseconds) AND created_at <= \(newest.microseconds)"
    }
}
