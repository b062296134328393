public import PasswordHashing
public import Sparekey
import SparekeyStore

extension Instance {
    /// Refuses where the database is no file, with the way out.
    public func requireBackup(to path: String) throws {
        guard store.isFile else {
            throw InstanceError(
                .badSettings, reason: "\(place) is backed up by PostgreSQL's own tools, not by sparekey backup",
                hint:
                    "pg_dump --format=custom --file=\(Self.quoted(path)) \(Self.quoted(place)); and keep a copy of the key file"
            )
        }
    }

    /// One word of a shell's command line.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// Copies the database into the new file `path` while it is in use, and records that it was done (SEC-17).
    ///
    /// The copy is the state of one moment. The file is there when it is finished, or not at all.
    ///
    /// - Parameter passphrase: puts the instance key into the copy, sealed under it; nil leaves the key out.
    /// - Returns: the backup's absolute path.
    public func backUp(
        to path: String, passphrase: Password?, actor: Actor, reason: String? = nil,
        progress: @escaping @Sendable (_ copied: Int, _ all: Int) -> Void
    ) async throws -> String {
        try requireBackup(to: path)
        let sealedKey = try passphrase.map { try SealedInstanceKey(store.key, passphrase: $0, random: random).text }
        let file = try BackupFile(path: path, random: random)
        let at = now
        do {
            try await store.copy(to: file.draft, sealedKey: sealedKey, progress: progress)
            try file.finish()
        } catch {
            file.discard()
            throw error
        }
        let audit = AuditEvent(
            .backedUp, actor: actor, at: at, account: nil, proof: Proof.operatorShell.kind, reason: reason)
        try await store.recordBackup(at: at, withKey: passphrase != nil, audit: audit)
        return file.path
    }
}
