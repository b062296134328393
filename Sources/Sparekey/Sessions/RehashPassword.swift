public import PasswordHashing
import Synchronization

/// What a rehash writes, in one transaction.
public struct RehashPlan: Sendable {
    public let account: Account
    /// The hash and mark that were verified: the condition of the update.
    public let verified: (hash: String, mark: [UInt8])
    public let new: (hash: String, mark: [UInt8])
    public let audit: AuditEvent

    public init(
        account: Account, verified: (hash: String, mark: [UInt8]), new: (hash: String, mark: [UInt8]), audit: AuditEvent
    ) {
        self.account = account
        self.verified = verified
        self.new = new
        self.audit = audit
    }
}

/// The store's part of a rehash.
public protocol RehashRegister: Directory {
    /// Whether a reset of this account can still be undone at `now`. Undo asks for exactly the values that the reset
    /// wrote, so they are left alone until then.
    func isKeptForUndo(_ account: Account, now: Timestamp) async throws -> Bool

    /// Writes the new hash with its mark and the audit row where the verified hash and mark still stand, and nothing else:
    /// no history, no session ends, flag and expiry stay. False when they no longer stand; nothing was written then.
    func rehash(_ plan: RehashPlan) async throws -> Bool
}

/// Replaces the hash of a password that was just accepted by one of the directory's scheme and cost (SEC-7).
///
/// Once, however many sign in at once: in this process only one spends the hash, and among several servers the row count
/// of the update decides. A hash that Sparekey did not write (LST-5: by SQL, without the right mark) is left alone: a new
/// one would carry a right mark, and `doctor` could no longer tell that somebody else had set that password.
public struct RehashPassword: Sendable {
    public enum Outcome: String, Sendable {
        case rehashed
        /// It is as strong as the directory asks.
        case strongEnough
        /// Sparekey did not write it.
        case foreign
        /// The directory's scheme cannot hold this password (bcrypt beyond 72 bytes).
        case cannotHold
        /// A reset that wrote it can still be undone.
        case keptForUndo
        /// Another sign-in is at it.
        case underWay
        /// It was replaced meanwhile; nothing was written.
        case changedMeanwhile
    }

    private let hasher: any PasswordHasher
    private let needsRehash: NeedsRehash
    private let key: InstanceKey
    private let register: any RehashRegister
    private let clock: any WallClock
    private let underWay = AccountsUnderWay()

    /// One value serves the whole server: it remembers which accounts are being rehashed.
    public init(
        hasher: any PasswordHasher, needsRehash: NeedsRehash, key: InstanceKey, register: any RehashRegister,
        clock: any WallClock
    ) {
        self.hasher = hasher
        self.needsRehash = needsRehash
        self.key = key
        self.register = register
        self.clock = clock
    }

    /// Costs nothing where nothing is to be done, else two hashes and a transaction. Not a part of the sign-in: call it
    /// when the answer is out, and let its failure be no more than a line in the log.
    ///
    /// - Parameters:
    ///   - password: exactly the bytes that were accepted.
    ///   - verified: the account's columns as they were read for that sign-in.
    ///   - address: where the sign-in came from, for the audit row.
    /// - Throws: ``RecoveryError`` `overloaded` or `notVerified`, and what hashing or the store throws; nothing was changed.
    @discardableResult
    public func callAsFunction(
        _ account: Account, password: Password, verified: StoredColumns, address: String?
    ) async throws -> Outcome {
        guard case .text(let hash) = verified[OwnColumn.passwordHash], needsRehash(hash) else { return .strongEnough }
        let mark = key.witness(of: hash, account: account.id)
        guard verified[OwnColumn.passwordMark] == .bytes(mark) else { return .foreign }
        guard hasher.limitViolation(password) == nil else { return .cannotHold }
        guard underWay.begin(account.id) else { return .underWay }
        defer { underWay.end(account.id) }
        // The sign-in that came first may be done already: then this one's hash would be spent for nothing.
        guard try await register.read(account)?[OwnColumn.passwordHash] == .text(hash) else { return .changedMeanwhile }
        guard try await !register.isKeptForUndo(account, now: clock.now) else { return .keptForUndo }
        let new = try await make(password)
        let plan = RehashPlan(
            account: account, verified: (hash, mark), new: (new, key.witness(of: new, account: account.id)),
            audit: AuditEvent(
                .passwordRehashed, actor: .owner(account, address: address), at: clock.now, account: account))
        return try await register.rehash(plan) ? .rehashed : .changedMeanwhile
    }

    /// A hash that does not accept its password must never be stored.
    private func make(_ password: Password) async throws -> String {
        let hash = try await hasher.make(password)
        guard try await hasher.verify(password, against: hash) else {
            throw RecoveryError(.notVerified, reason: "the new hash does not accept its own password")
        }
        return hash
    }
}

/// The accounts that this process is rehashing.
private final class AccountsUnderWay: Sendable {
    private let ids = Mutex<Set<String>>([])

    func begin(_ id: String) -> Bool { ids.withLock { $0.insert(id).inserted } }

    func end(_ id: String) { ids.withLock { _ = $0.remove(id) } }
}
