import Sparekey

extension Output {
    /// The trail of a reset or an undo, and whatever the person has to know besides.
    func remark(on report: ResetReport) {
        trail("Password updated successfully for account_id=\(report.account.id) reset=\(report.number)")
        if report.superseded {
            warn("another reset of the same account came right after this one: its password is the one that works")
        }
        // A program's states were said before it was asked whether to go on.
        guard report.app == nil else { return remark(onProgram: report) }
        switch report.refresh {
        case .nothingToRefresh: trail("No running server holds this password in memory")
        case .refreshed: trail("In-memory credentials refreshed: sync works immediately")
        case .announced: trail("The database tells every server that uses it: sync works immediately")
        case .calls: break
        case .noServer:
            warn(
                "no running server was found: sign-in works now with the new password, sync works after its next start")
        case .otherDatabase:
            warn(
                "the running server does not know this account: it uses another database. The password was reset in this "
                    + "one; point the server at it and restart it, then sign-in and sync work there too")
        case .otherKey:
            warn(
                "the running server did not accept this instance's key: it belongs to another instance, was not restarted "
                    + "since the key was rotated, or its clock is more than a minute off. The password was reset in this "
                    + "database; start that server with this database and key, then sign-in and sync work there too")
        case .failed(let how):
            warn(
                "the running server could not be told (\(how)). The password was reset and sign-in works now; sync works "
                    + "within 10 seconds if the server uses this database, else after its next start")
        }
        // Why nobody signs in to an account of an app, its profile says.
        if report.app == nil, !report.account.isActive {
            let name = report.account.username
            warn("'\(name)' is disabled and still cannot sign in: sparekey users enable \(name)")
        }
    }
}

extension ResetReport {
    /// As `reset-password --json` and `undo --json` answer, without a password.
    func members(warnings: [String]) -> [String: JSONValue] {
        [
            "account": account.reference(in: app), "reset": .integer(number),
            "requirePasswordChange": .bool(requirePasswordChange),
            "refreshed": refresh.isRefreshed.map(JSONValue.bool) ?? .null,
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }
}
