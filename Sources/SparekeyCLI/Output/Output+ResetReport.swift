import Sparekey

extension Output {
    /// The trail of a reset or an undo, and whatever the person has to know besides.
    func remark(on report: ResetReport) {
        trail("Password updated successfully for account_id=\(report.account.id) reset=\(report.number)")
        if report.superseded {
            warn("another reset of the same account came right after this one: its password is the one that works")
        }
        switch report.refresh {
        case .nothingToRefresh: trail("No running server holds this password in memory")
        case .noServer:
            warn(
                "no running server was found: sign-in works now with the new password, sync works after its next start")
        }
        if !report.account.isActive {
            let name = report.account.username
            warn("'\(name)' is disabled and still cannot sign in: sparekey users enable \(name)")
        }
    }
}

extension ResetReport {
    /// As `reset-password --json` and `undo --json` answer, without a password.
    func members(warnings: [String]) -> [String: JSONValue] {
        [
            "account": account.reference, "reset": .integer(number),
            "requirePasswordChange": .bool(requirePasswordChange),
            "refreshed": refresh == .nothingToRefresh ? .null : .bool(false),
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }
}
