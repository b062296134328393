import Crypto
import Foundation

/// Who acted: an operator at a shell. Names are as the system gave them; `claimedUser` is only what `SUDO_USER` said.
public struct Actor: Sendable, Hashable {
    public let kind: String
    public let realUserID: UInt32
    /// Set at login and kept through su and sudo (audit's login uid); nil where the kernel keeps none.
    public let loginUserID: UInt32?
    public let userName: String?
    public let claimedUser: String?

    public init(realUserID: UInt32, loginUserID: UInt32?, userName: String?, claimedUser: String?) {
        kind = "operator"
        self.realUserID = realUserID
        self.loginUserID = loginUserID
        self.userName = userName
        self.claimedUser = claimedUser
    }
}

/// One thing that happened, for the audit trail: written in the transaction of what it records (SEC-10). It has no
/// place for a secret.
public struct AuditEvent: Sendable, Hashable {
    public enum Action: String, Sendable {
        case setUp = "instance.setUp"
        case accountAdded = "account.added"
        case accountEnabled = "account.enabled"
        case accountDisabled = "account.disabled"
        case accountChanged = "account.changed"
        case accountRemoved = "account.removed"
        case passwordReset = "password.reset"
        case tokenIssued = "token.issued"
        case resetUndone = "reset.undone"
    }

    public let action: Action
    public let actor: Actor
    public let at: Timestamp
    public let accountID: String?
    public let username: String?
    public let app: String?
    public let proof: String?
    public let reason: String?

    public init(
        _ action: Action, actor: Actor, at: Timestamp, account: Account?, app: String? = nil, proof: String? = nil,
        reason: String? = nil
    ) {
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
    public func row() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Row(self)), as: UTF8.self)
    }

    private struct Row: Encodable {
        let action: String
        let kind: String
        let uid: UInt32
        let loginUid: UInt32?
        let user: String?
        let claimedUser: String?
        let at: Int64
        let account: String?
        let username: String?
        let app: String?
        let proof: String?
        let reason: String?
        let outcome = "done"

        init(_ event: AuditEvent) {
            action = event.action.rawValue
            kind = event.actor.kind
            uid = event.actor.realUserID
            loginUid = event.actor.loginUserID
            user = event.actor.userName
            claimedUser = event.actor.claimedUser
            at = event.at.microseconds
            account = event.accountID
            username = event.username
            app = event.app
            proof = event.proof
            reason = event.reason
        }
    }
}

/// The chain of the audit trail: each row carries HMAC-SHA-256(audit key, previous MAC ‖ sequence ‖ row).
public struct AuditChain: Sendable {
    let key: SymmetricKey

    public init(_ key: InstanceKey) {
        self.key = key.subKey(.audit)
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
