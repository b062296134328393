import SparekeySQL

extension Migration {
    /// The keys of the audit trail's earlier epochs, each sealed under the key that followed it.
    static let auditEpochs = Migration(number: 6) { type in
        ["CREATE TABLE audit_epoch (first BIGINT PRIMARY KEY, sealed_key \(part: type.blob) NOT NULL)"]
    }
}
