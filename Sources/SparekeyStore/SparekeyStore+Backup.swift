public import Sparekey
import SparekeySQL

/// The rows of `sparekey_meta` that are about backups.
enum BackupMeta {
    /// In the live database: microseconds of the last backup, and of the last with the key.
    static let latest = "backup"
    static let latestWithKey = "backup_with_key"
    /// In a backup only: the instance key under a passphrase.
    static let sealedKey = "backup_sealed_key"
}

extension SparekeyStore {
    /// Whether the database is a file that ``copy(to:sealedKey:progress:)`` can copy.
    public var isFile: Bool { driver is SQLiteDatabase }

    /// Copies the database, a file, into the empty file at `path`, and proves the copy whole.
    ///
    /// - Parameter sealedKey: ``SealedInstanceKey/text``, for the copy only.
    public func copy(
        to path: String, sealedKey: String?, progress: @escaping @Sendable (_ copied: Int, _ all: Int) -> Void
    ) async throws {
        guard let database = driver as? SQLiteDatabase else {
            preconditionFailure("only a file is copied; the caller asks isFile first")
        }
        try await database.copy(to: path, progress: progress)
        let options = SQLiteOptions(mode: .mustExist, journal: .asFound, erasesDeleted: true)
        let copy = try await SQLiteDatabase(path: path, options: options)
        do {
            try await Self.finish(copy, sealedKey)
        } catch {
            await copy.close()
            throw error
        }
        await copy.close()
    }

    /// Records a backup that has been made, for `doctor`, with its audit row.
    public func recordBackup(at now: Timestamp, withKey: Bool, audit: AuditEvent) async throws {
        try await database.transaction(.write) { connection in
            try appendAudit(audit, connection)
            try StoreSchema.setMeta(BackupMeta.latest, String(now.microseconds), connection)
            if withKey { try StoreSchema.setMeta(BackupMeta.latestWithKey, String(now.microseconds), connection) }
        }
    }

    /// The key that a backup holds; nil in a live database, and in a backup without it.
    public func sealedKey() async throws -> SealedInstanceKey? {
        try await database.transaction(.read) { try StoreSchema.meta(BackupMeta.sealedKey, $0) }
            .map(SealedInstanceKey.init(text:))
    }

    private static func finish(_ copy: SQLiteDatabase, _ sealedKey: String?) async throws {
        let answer = try await copy.transaction(.read) { connection in
            try connection.query("PRAGMA quick_check(1)").first?.text("quick_check")
        }
        guard answer == "ok" else { throw StoreError(.damaged, reason: "the copy of the database is damaged") }
        guard let sealedKey else { return }
        try await copy.transaction(.write) { try StoreSchema.setMeta(BackupMeta.sealedKey, sealedKey, $0) }
    }
}
