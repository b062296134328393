extension AuditFault {
    /// What was found, in a person's words.
    public var words: String {
        switch self {
        case .changed(let row): "row \(row) was changed"
        case .removed(let row): "row \(row) was removed"
        case .reordered(let row): "row \(row) is out of order, another row stands in its place"
        case .inserted(let row): "row \(row) was inserted"
        case .cut(let row): "the rows from \(row) on were cut off the end"
        case .emptied: "every row was removed"
        case .putBack(let row): "an older copy of the database was put back, or its end was cut: row \(row) is missing"
        case .swapped: "this is the trail of another database"
        case .counterSetBack: "the counter of the rows was set back"
        case .headForged: "the file audit.head was not written with this instance's key"
        case .notExpected(let head): "the expected head, row \(head.sequence), is not on it"
        case .expectedPruned(let head): "the expected head, row \(head.sequence), is among the rows that were pruned"
        case .epochLost(let row): "row \(row) begins an epoch, whose record beside the trail is missing"
        case .epochForged(let row):
            "an epoch is said to begin at row \(row), and this instance's key did not write that"
        case .anchorForged: "what stands for the pruned rows was not written with this instance's key"
        }
    }

    /// What to do about it.
    public var advice: String {
        switch self {
        case .putBack, .swapped, .emptied, .cut:
            "If you restored a backup yourself: keep a copy of audit.head, then remove it; the next act begins a new one."
        case .headForged:
            "Keep a copy of audit.head, then remove it; the next act begins a new one."
        case .notExpected:
            "See that HEAD was noted from this instance; if so, the trail was written anew since."
        case .expectedPruned:
            "Nothing shows that head any more; an export made before the pruning does."
        case .changed, .removed, .reordered, .inserted, .counterSetBack, .epochLost, .epochForged, .anchorForged:
            "Keep a copy of the database as evidence; a backup shows what the row held."
        }
    }
}
