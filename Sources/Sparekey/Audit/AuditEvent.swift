import Crypto
import Foundation

/// One thing that happened, for the audit trail: written in the transaction of what it records (SEC-10). It has no
/// place for a secret.
public struct AuditEvent: Sendable, Hashable {
    public enum Action: String, Sendable, CaseIterable {
        case setUp = "instance.setUp"
        case accountAdded = "account.added"
        case accountEnabled = "account.enabled"
        case accountDisabled = "account.disabled"
        case accountChanged = "account.changed"
        case accountRemoved = "account.removed"
        case passwordReset = "password.reset"
        case tokenIssued = "token.issued"
        case resetUndone = "reset.undone"
        case resetUnclear = "reset.unclear"
        case backedUp = "instance.backedUp"
        case signedIn = "session.begun"
        case signInRefused = "session.refused"
        case signedOut = "session.ended"
        case passwordChanged = "password.changed"
        case passwordRehashed = "password.rehashed"
        case codeRequested = "code.requested"
        case codeIssued = "code.issued"
        case codeWithheld = "code.withheld"
        case codeRefused = "code.refused"
        case codeApproved = "code.approved"
        case codeDenied = "code.denied"
        case codeRevealed = "code.revealed"
        case requestRefused = "request.refused"
        case administrationRefused = "administration.refused"
        case guessRefused = "guess.refused"
        case codeBudgetSpent = "codes.budgetSpent"
        case accountUnlocked = "account.unlocked"
        case changeRequired = "account.changeRequired"
        case auditPruned = "audit.pruned"
        case keyRotated = "key.rotated"
        case restored = "instance.restored"
        case moved = "instance.moved"

        /// Whether anybody brings it about as often as they like, and nothing of an account changes by it: the head of the
        /// trail may be kept for many such rows at once.
        public var mayBeKeptLater: Bool { [.codeRequested, .codeIssued, .codeWithheld].contains(self) }

        /// Whether the row of it begins a new epoch of the trail.
        public var beginsEpoch: Bool { self == .keyRotated || self == .restored }
    }

    /// How it ended. Rows without one were written when there was only `done`.
    public enum Outcome: String, Sendable, CaseIterable {
        case done
        /// A proof was wrong, or somebody may not do this.
        case refused
        /// A limit was reached.
        case throttled
    }

    public let action: Action
    public let actor: Actor
    public let at: Timestamp
    public let accountID: String?
    public let username: String?
    public let app: String?
    public let proof: String?
    public let reason: String?
    public let outcome: Outcome
    /// A name as typed that may be nobody's: its keyed hash only, in hexadecimal.
    public let nameHash: String?
    /// The heads of the trails that this row ends, or of the rows that it stands for.
    public var cites: [AuditHead]

    /// About an account of which only id and name are at hand.
    public init(
        _ action: Action, actor: Actor, at: Timestamp, accountID: String?, username: String?, app: String? = nil,
        proof: String? = nil, reason: String? = nil
    ) {
        (self.action, self.actor, self.at) = (action, actor, at)
        (self.accountID, self.username) = (accountID, username)
        (self.app, self.proof, self.reason) = (app, proof, reason)
        (outcome, nameHash, cites) = (.done, nil, [])
    }

    public init(
        _ action: Action, actor: Actor, at: Timestamp, account: Account?, app: String? = nil, proof: String? = nil,
        reason: String? = nil, outcome: Outcome = .done, nameHash: String? = nil,
        cites: [AuditHead] = []
    ) {
        self.cites = cites
        self.outcome = outcome
        self.nameHash = nameHash
        self.action = action
        self.actor = actor
        self.at = at
        accountID = account?.id
        username = account?.username
        self.app = app
        self.proof = proof
        self.reason = reason
    }

    /// The row as it is stored: one JSON object (RFC 8259), keys in order, absent values left out. Its MAC is taken over
    /// exactly this text, which is never encoded again.
    public var row: String {
        var line = JSONLine()
        line.add("account", accountID)
        line.add("action", action.rawValue)
        line.add("address", actor.address)
        line.add("app", app)
        line.add("at", at.microseconds)
        line.add("by", actor.accountID)
        line.add("cites", cites.map(\.description))
        line.add("claimedUser", actor.claimedUser)
        line.add("kind", actor.kind.rawValue)
        line.add("loginUid", actor.loginUserID)
        line.add("name", nameHash)
        line.add("outcome", outcome.rawValue)
        line.add("proof", proof)
        line.add("reason", reason)
        line.add("uid", actor.realUserID)
        line.add("user", actor.userName)
        line.add("username", username)
        return String(decoding: line.finished, as: UTF8.self)
    }
}

/// The chain of the audit trail: each row carries HMAC-SHA-256(audit key, previous MAC ‖ sequence ‖ row).
public struct AuditChain: Sendable {
    let key: SymmetricKey

    public init(_ key: InstanceKey) {
        self.key = key.subKey(.audit)
    }

    /// Of an epoch that has ended.
    init(subKey: Data) {
        key = SymmetricKey(data: subKey)
    }

    /// - Parameters:
    ///   - previous: the MAC of the row before; empty for the first.
    ///   - sequence: 1 for the first row, one more for each; hashed as 8 bytes, big-endian.
    public func link(previous: [UInt8], sequence: Int64, row: String) -> [UInt8] {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (56 - 8 * $0)) }
        return authenticate(previous + number + Array(row.utf8))
    }

    /// HMAC-SHA-256 under the audit sub-key.
    func authenticate(_ message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    }
}
