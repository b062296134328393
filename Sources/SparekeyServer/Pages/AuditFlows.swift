public import Sparekey

/// What the page of the audit trail calls.
public struct AuditFlows: Sendable {
    public let search: SearchAuditTrail
    public let export: ExportAuditTrail
    public let check: CheckAuditRows
    public let verify: VerifyAuditTrail
    public let tally: any ResetTally
    /// Reading the whole trail takes a processor for seconds: one at a time.
    let turn = OneAtATime()

    public init(
        search: SearchAuditTrail, export: ExportAuditTrail, check: CheckAuditRows, verify: VerifyAuditTrail,
        tally: any ResetTally
    ) {
        (self.search, self.export, self.check) = (search, export, check)
        (self.verify, self.tally) = (verify, tally)
    }
}
