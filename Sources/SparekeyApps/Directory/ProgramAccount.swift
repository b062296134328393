public import Sparekey

/// An account of a program, with what a person should know before it is reset.
public struct ProgramAccount: Sendable {
    public let account: Account
    /// What stops a sign-in or matters to it, beside the password: clauses, as the profile has them.
    public let states: [AccountState]
    /// Why it is not reset.
    public let refusals: [AccountRefusal]

    /// The refusal that counts; one that an explicit yes lifts comes last.
    public var refusal: AccountRefusal? {
        refusals.first { !$0.canBeConfirmed } ?? refusals.first
    }
}

extension AccountTable.Row {
    /// - Throws: ``AppsError`` `refused`.
    func requireAllowed(isConfirmed: Bool) throws {
        if let refusal = refusals.first(where: { !($0.canBeConfirmed && isConfirmed) }) { throw refusal.error }
    }
}

extension AccountRefusal {
    /// The refusal in words, for whoever asked.
    var error: AppsError {
        AppsError(
            .refused, reason: "nothing was changed: \(refusal.reason)",
            hint: canBeConfirmed ? "\(refusal.wayOut), or confirm it with --yes" : refusal.wayOut)
    }
}
