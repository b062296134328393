import Foundation
public import PasswordHashing
public import Sparekey
import SparekeySQL
import SparekeyStore

/// What a restore would do, shown before it does it.
public struct RestorePlan: Sendable {
    /// When the last act of the backup was.
    public let latest: Timestamp?
    /// The accounts that the backup holds.
    public let accounts: Int
    /// Usernames of accounts that have another password now: the older one works again.
    public let olderPasswords: [String]
    /// Accounts that are no longer there, and come back with their password.
    public let returning: [String]
    /// Accounts that came since, and go.
    public let leaving: [String]
    /// Why nothing can be said of the present accounts; nil where they could be read.
    public let uncompared: String?
    /// Whether the instance key comes out of the backup.
    public let takesKey: Bool
    /// What is odd about the one or the other.
    public let warnings: [String]
}

/// What a restore did.
public struct RestoreReport: Sendable {
    public let plan: RestorePlan
    public let voided: VoidedByRestore
    /// Where the replaced database is; nil where there was none.
    public let kept: String?
}

/// A restore under way (SEC-17, OPS-2): nobody else has the database open, nor gets to open it, until it has ended.
///
/// In this order: ``begin(_:of:clock:random:mayCreate:)``, ``open(passphrase:)`` where ``needsPassphrase``, ``plan()``,
/// then ``finish(_:actor:reason:)`` or ``abandon()``. Until `finish` nothing is changed but a draft beside the database.
public final class Restoration: Sendable {
    let named: NamedInstance
    let lock: FileLock
    let pending: PendingKey
    let draft: RestoreDraft
    let source: SQLiteDatabase
    let present: PresentDatabase
    private let sealedKey: SealedInstanceKey?
    private let fileKey: InstanceKey?
    let clock: any WallClock
    let random: any RandomSource

    private init(
        _ named: NamedInstance, _ parts: Parts, clock: any WallClock, random: any RandomSource
    ) {
        self.named = named
        (lock, pending, draft) = (parts.lock, parts.pending, parts.draft)
        (source, present) = (parts.source, parts.present)
        (sealedKey, fileKey) = (parts.sealedKey, parts.fileKey)
        self.clock = clock
        self.random = random
    }

    private struct Parts {
        let lock: FileLock
        let pending: PendingKey
        let draft: RestoreDraft
        let source: SQLiteDatabase
        let present: PresentDatabase
        let sealedKey: SealedInstanceKey?
        let fileKey: InstanceKey?
    }

    /// Where the database is put.
    public var place: String { present.path }

    /// Whether only a passphrase opens the key: there is no key file, and the backup holds the key.
    public var needsPassphrase: Bool { fileKey == nil }
}

// MARK: - Begin

extension Restoration {
    /// Looks at everything and locks it. As root it first becomes the data folder's owner, for good.
    ///
    /// - Parameter mayCreate: whether a missing data folder is made.
    /// - Throws: ``InstanceError``; nothing has been changed then.
    public static func begin(
        _ options: InstanceOptions, of backup: String, clock: any WallClock = SystemWallClock(),
        random: any RandomSource = SystemRandomSource(), mayCreate: Bool
    ) async throws -> Restoration {
        do {
            let named = try NamedInstance(options)
            guard case .sqlite(let path) = named.location else { throw refusal(backup) }
            let isNew = !named.folder.exists
            try named.folder.open(mayCreate: mayCreate).become()
            do {
                try OwnDatabase.requireWritable(path)
                let pending = PendingKey(file: named.keyFile)
                let lock = try pending.lock()
                let parts = try await parts(of: backup, path, pending, lock)
                return Restoration(named, parts, clock: clock, random: random)
            } catch {
                if isNew { named.folder.removeIfUnused() }
                throw error
            }
        } catch {
            throw InstanceError.translated(error)
        }
    }

    private static func parts(
        of backup: String, _ path: String, _ pending: PendingKey, _ lock: FileLock
    ) async throws -> Parts {
        let present = try await PresentDatabase(path: path)
        do {
            try await finishEarlier(pending, present)
            let draft = try RestoreDraft(of: backup, besideDatabase: present.path)
            do {
                let source = try await draft.open()
                do {
                    let key = try pending.file.load()
                    let sealed = try await check(source, backup: backup, key: key, keyPath: pending.file.path)
                    return Parts(
                        lock: lock, pending: pending, draft: draft, source: source, present: present,
                        sealedKey: sealed, fileKey: key)
                } catch {
                    await source.close()
                    throw error
                }
            } catch let error as SQLError where error.code == .notADatabase {
                draft.discard()
                throw damaged(backup)
            } catch {
                draft.discard()
                throw error
            }
        } catch {
            await present.close()
            throw error
        }
    }

    /// What an interrupted rotation or restore left, under the lock that this one holds.
    static func finishEarlier(_ pending: PendingKey, _ present: PresentDatabase) async throws {
        guard pending.isWaiting, case .held(let database) = present.state else { return }
        if let key = try pending.waiting(), try await StoreHealth(database).belongs(to: key) {
            try pending.adopt()
        } else if let key = try pending.file.load(), try await StoreHealth(database).belongs(to: key) {
            try pending.drop()
        }
    }

    /// - Returns: the key that the backup holds, where it is needed.
    private static func check(
        _ source: SQLiteDatabase, backup: String, key: InstanceKey?, keyPath: String
    ) async throws -> SealedInstanceKey? {
        let health = StoreHealth(source)
        switch try await health.condition() {
        case .empty, .foreign:
            throw InstanceError(
                .wrongDatabase, reason: "\(backup) is no backup of Sparekey's",
                hint: "nothing was changed; name a file that sparekey backup wrote")
        case .newer:
            throw InstanceError(
                .newerDatabase, reason: "a newer Sparekey made \(backup)", hint: "use that version; nothing was changed"
            )
        case .unserved(let error): throw error
        case .older, .current: break
        }
        let content = RestorableDatabase(source)
        guard (try? await content.isSound()) == true else {
            throw damaged(backup)
        }
        if let key {
            guard try await health.belongs(to: key) else { throw foreignKey(backup, keyPath) }
            return nil
        }
        guard let sealed = try await content.sealedKey() else {
            throw InstanceError(
                .wrongKey, reason: "there is no key file \(keyPath), and \(backup) holds no key",
                hint: "nothing was changed; put back your copy of the key file, then try again")
        }
        return sealed
    }

    private static func damaged(_ backup: String) -> InstanceError {
        InstanceError(
            .unavailable, reason: "\(backup) is damaged", hint: "nothing was changed; take an earlier backup")
    }

    static func foreignKey(_ backup: String, _ keyPath: String) -> InstanceError {
        InstanceError(
            .wrongKey, reason: "\(backup) belongs to another instance key than \(keyPath)",
            hint:
                "nothing was changed; move \(keyPath) away and put the key of that time there, or let a backup made --with-key bring it"
        )
    }

    private static func refusal(_ backup: String) -> InstanceError {
        InstanceError(
            .badSettings,
            reason: "a database on PostgreSQL is restored by PostgreSQL's own tools, not by sparekey restore",
            hint:
                "stop every server; pg_restore --clean --if-exists --dbname=URL \(backup); then, as sessions and tokens of that time work again: psql URL -c 'DELETE FROM session; DELETE FROM reset_token; UPDATE reset SET sealed_old = NULL, sealed_new = NULL'; then sparekey doctor and sparekey audit verify"
        )
    }
}

// MARK: - Plan

extension Restoration {
    /// The key that the database will have: the key file's, or the one in the backup.
    ///
    /// - Throws: ``RecoveryError`` `unsealable` for a wrong passphrase.
    public func open(passphrase: Password?) throws -> InstanceKey {
        if let fileKey { return fileKey }
        guard let passphrase, let sealedKey else {
            throw RecoveryError(.unsealable, reason: "the backup's key needs its passphrase")
        }
        return try sealedKey.open(passphrase: passphrase)
    }

    /// What would happen. Brings the draft up to date.
    public func plan(_ key: InstanceKey) async throws -> RestorePlan {
        do {
            guard try await StoreHealth(source).belongs(to: key) else {
                throw Self.foreignKey(draft.backup, pending.file.path)
            }
            let content = RestorableDatabase(source)
            let coming = try await content.passwords()
            let trail = try await openDraft(key).verifyAuditTrail()
            var warnings = named.warnings
            if let fault = trail.fault {
                warnings.append(
                    "the audit trail in \(draft.backup) does not hold: see sparekey audit verify (\(fault))")
            }
            warnings += try await oddities(key)
            let latest = try await content.auditHead()?.at
            guard case .held(let database) = present.state,
                let going = try? await RestorableDatabase(database).passwords()
            else { return plan(coming, nil, latest, warnings) }
            return plan(coming, going, latest, warnings)
        } catch {
            throw InstanceError.translated(error)
        }
    }

    private typealias Passwords = [String: (username: String, hash: String?)]

    private func plan(
        _ coming: Passwords, _ going: Passwords?, _ latest: Timestamp?, _ warnings: [String]
    ) -> RestorePlan {
        func names(_ accounts: Passwords) -> [String] { accounts.values.map(\.username).sorted() }
        let older = coming.filter { id, account in
            going?[id].map { account.hash != nil && $0.hash != account.hash } ?? false
        }
        let returning = coming.filter { id, _ in going.map { $0[id] == nil } ?? false }
        let leaving = going?.filter { id, _ in coming[id] == nil } ?? [:]
        return RestorePlan(
            latest: latest, accounts: coming.count, olderPasswords: names(older), returning: names(returning),
            leaving: names(leaving), uncompared: going == nil ? uncompared : nil, takesKey: fileKey == nil,
            warnings: warnings)
    }

    private var uncompared: String {
        switch present.state {
        case .missing: "there is no present database at \(place)"
        case .held: "the present database cannot be read"
        case .unreadable(let reason): "the present database cannot be read: \(reason)"
        }
    }

    func openDraft(_ key: InstanceKey) async throws -> SparekeyStore {
        try await SparekeyStore.open(source, key: key, mayCreate: false, random: random)
    }

    /// A head file that says something else than the present database.
    private func oddities(_ key: InstanceKey) async throws -> [String] {
        do {
            guard let kept = try await keptHead(key), case .held(let database) = present.state,
                try await !RestorableDatabase(database).holds(kept.head)
            else { return [] }
            return ["audit.head was not on the trail of the present database: somebody put that back, or cut it"]
        } catch let error as RecoveryError where error.code == .auditHeadForged {
            return ["audit.head was not written with this instance's key; it is put aside"]
        } catch is SQLError {
            return []
        }
    }

    func keptHead(_ key: InstanceKey) async throws -> KeptAuditHead? {
        let epochs = try await openDraft(key).footing().epochs
        return try await headFile().kept(try AuditEpochs(key, epochs))
    }

    func headFile() throws -> AuditHeadFile {
        try AuditHeadFile(path: named.folder.file("audit.head"))
    }
}
