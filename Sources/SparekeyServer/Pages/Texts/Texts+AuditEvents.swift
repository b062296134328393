import Sparekey

extension Texts.Audit {
    /// What happened, as a sentence.
    ///
    /// - Parameter whom: a username; nil where it is nobody's, or not known.
    static func sentence(_ action: AuditEvent.Action, _ whom: String?) -> String {
        let name = whom ?? "an unknown name"
        return switch action {
        case .setUp: "This instance was set up"
        case .accountAdded: "The account \(name) was added"
        case .accountEnabled: "The account \(name) was enabled"
        case .accountDisabled: "The account \(name) was disabled"
        case .accountChanged: "The account \(name) was changed"
        case .accountRemoved: "The account \(name) was removed"
        case .passwordReset: "The password of \(name) was reset"
        case .tokenIssued: "A one-time link was made for \(name)"
        case .resetUndone: "A reset of \(name) was taken back"
        case .resetUnclear: "A reset of \(name) was cut off, and nobody knows how it ended"
        case .backedUp: "A backup was made"
        case .signedIn: "\(whom ?? "Somebody") signed in"
        case .signInRefused: "A sign-in as \(name) failed"
        case .signedOut: "A session of \(name) ended"
        case .passwordChanged: "\(whom ?? "Somebody") changed their password"
        case .passwordRehashed: "The stored hash of \(name) was made stronger"
        case .codeRequested: "A reset code was asked for"
        case .codeIssued: "A reset code was made for \(name)"
        case .codeWithheld: "A request for \(name) got no code"
        case .codeRefused: "A wrong reset code was tried for \(name)"
        case .codeApproved: "A request of \(name) was approved"
        case .codeDenied: "A request of \(name) was denied"
        case .codeRevealed: "A reset code of \(name) was shown"
        case .requestRefused: "Requests for reset codes were slowed down"
        case .administrationRefused: "Resets by an administrator were slowed down"
        case .guessRefused: "Guesses at codes or links were slowed down"
        case .codeBudgetSpent: "Too many wrong codes: new codes need an approval"
        case .accountUnlocked: "Limits on \(name) were lifted"
        case .changeRequired: "\(whom ?? "Somebody") must choose a new password"
        case .auditPruned: "The oldest rows of the trail were removed"
        case .keyRotated: "The instance key was replaced"
        case .restored: "A backup was restored"
        case .moved: "The accounts were moved to another database"
        }
    }

    /// The same in the list to choose from.
    static func label(_ action: AuditEvent.Action) -> String {
        switch action {
        case .setUp: "Instance set up"
        case .accountAdded: "Account added"
        case .accountEnabled: "Account enabled"
        case .accountDisabled: "Account disabled"
        case .accountChanged: "Account changed"
        case .accountRemoved: "Account removed"
        case .passwordReset: "Password reset"
        case .tokenIssued: "One-time link made"
        case .resetUndone: "Reset taken back"
        case .resetUnclear: "Reset cut off"
        case .backedUp: "Backup made"
        case .signedIn: "Signed in"
        case .signInRefused: "Sign-in failed"
        case .signedOut: "Session ended"
        case .passwordChanged: "Password changed by its owner"
        case .passwordRehashed: "Hash made stronger"
        case .codeRequested: "Code asked for"
        case .codeIssued: "Code made"
        case .codeWithheld: "Code withheld"
        case .codeRefused: "Wrong code"
        case .codeApproved: "Request approved"
        case .codeDenied: "Request denied"
        case .codeRevealed: "Code shown"
        case .requestRefused: "Requests slowed down"
        case .administrationRefused: "Administrator slowed down"
        case .guessRefused: "Guesses slowed down"
        case .codeBudgetSpent: "Too many wrong codes"
        case .accountUnlocked: "Limits lifted"
        case .changeRequired: "New password required"
        case .auditPruned: "Trail pruned"
        case .keyRotated: "Key replaced"
        case .restored: "Backup restored"
        case .moved: "Accounts moved"
        }
    }
}
