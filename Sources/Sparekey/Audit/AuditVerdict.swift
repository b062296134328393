/// What is wrong with an audit trail, and with which row.
public enum AuditFault: Error, Sendable, Hashable {
    /// The row's text, or its MAC, is not what was written.
    case changed(Int64)
    /// The row is missing.
    case removed(Int64)
    /// The row stands in another's place.
    case reordered(Int64)
    /// The row was never written by Sparekey.
    case inserted(Int64)
    /// The rows from this one on are missing at the end.
    case cut(from: Int64)
    /// Every row is missing.
    case emptied
    /// The rows are sound and an older state: the database was put back to before this row, or went another way since.
    case putBack(before: Int64)
    /// The rows are sound and another database's.
    case swapped
    /// The counter beside the trail names fewer rows than there are.
    case counterSetBack
    /// What the head file holds was not written under this instance's key.
    case headForged
    /// The expected head is no row of this trail.
    case notExpected(AuditHead)
    /// The expected head is among the rows that were pruned, where nothing shows it any more.
    case expectedPruned(AuditHead)
    /// A rotation or a restore stands in this row, and its epoch is missing, with the key of the rows before.
    case epochLost(Int64)
    /// An epoch is said to begin with this row, and this instance's key did not write that.
    case epochForged(Int64)
    /// What stands for the pruned rows was not written under this instance's key.
    case anchorForged

    /// The first row that is not as it was written; nil where every row is.
    public var firstBad: Int64? {
        switch self {
        case .changed(let row), .removed(let row), .reordered(let row), .inserted(let row), .cut(let row),
            .putBack(let row), .epochLost(let row), .epochForged(let row):
            row
        case .emptied, .swapped: 1
        case .notExpected(let head), .expectedPruned(let head): head.sequence
        case .counterSetBack, .headForged, .anchorForged: nil
        }
    }
}

/// What ``VerifyAuditTrail`` found.
public struct AuditVerdict: Sendable {
    /// How many rows, from the oldest on, are linked as they were written.
    public let rows: Int64
    /// The last of them.
    public let head: AuditHead?
    /// What the head file held when the verification began; nil without one.
    public let kept: AuditHead?
    public let fault: AuditFault?
    /// What stands for the rows that were pruned; nil where none were.
    public let pruned: AuditAnchor?
    /// The MAC of the trail's first row.
    public let origin: [UInt8]?

    public var isValid: Bool { fault == nil }
}
