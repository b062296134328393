public import Sparekey
import SparekeySQL
import SparekeyStore

extension Instance {
    /// Where the instance key is.
    public var keyPath: String { keyFile.path }

    /// What ``rotateKey(actor:reason:)`` would concern. Changes nothing.
    public func rotationPreview() async throws -> KeyRotationReport {
        try await store.rotationPreview()
    }

    /// Replaces the instance key (SEC-13). This instance is closed afterwards, and nothing else is done with it.
    ///
    /// The new key is on the disk before the database belongs to it, and takes the key file's place after: whenever it
    /// stops, the next command finds the key that the database belongs to.
    public func rotateKey(actor: Actor, reason: String?) async throws -> KeyRotationReport {
        let pending = PendingKey(file: keyFile)
        let lock = try pending.lock()
        defer { lock.release() }
        guard let next = InstanceKey(random.bytes(InstanceKey.length)) else {
            preconditionFailure("a source of random bytes gives as many as it is asked for")
        }
        let audit = AuditEvent(
            .keyRotated, actor: actor, at: now, account: nil, proof: Proof.operatorShell.kind, reason: reason)
        try pending.write(next)
        let report: KeyRotationReport
        do {
            report = try await store.rotate(to: next, audit: audit)
        } catch {
            try await settle(pending, after: error)
            throw error
        }
        try pending.adopt()
        await store.keepHead(under: next)
        return report
    }

    /// The waiting key goes where it is certain that the database does not belong to it.
    private func settle(_ pending: PendingKey, after failure: any Error) async throws {
        guard (failure as? SQLError)?.code == .connectionLost else { return try pending.drop() }
        throw InstanceError(
            .unavailable, reason: "the database went away while its key was being replaced",
            hint:
                "either the old key or the new one counts; the next command that reaches the database finds out which",
            cause: failure)
    }
}
