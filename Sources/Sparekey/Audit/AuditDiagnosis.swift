/// Says what happened to the first row that is not the next one of the chain.
///
/// A row's original MAC stands for it wherever it went: the rows after it tell a changed row from one that was moved,
/// put in or taken out with the later ones renumbered. Reads the rest of the trail at most once.
struct AuditDiagnosis {
    let trail: any AuditTrail
    let walk: AuditWalk

    /// - Parameter page: the page that holds the bad row.
    func fault(_ page: AuditPage) async throws -> AuditFault {
        let number = walk.next
        let pair = try await trail.rows(after: walk.position, limit: 2).rows
        guard let bad = pair.first else { return .removed(number) }
        // Nothing else than a whole number was ever written.
        guard let sequence = bad.sequence else { return .inserted(number) }
        if sequence < number { return .inserted(sequence) }
        if sequence > number { return .removed(number) }
        if pair.count > 1, let fault = fault(bad, followedBy: pair[1]) { return fault }
        return try await search(for: bad, appended: page.appended)
    }

    /// What the row behind the bad one tells.
    private func fault(_ bad: AuditRow, followedBy follower: AuditRow) -> AuditFault? {
        let number = walk.next
        if let mac = bad.mac {
            if fits(follower, behind: mac, as: number + 1) { return .changed(number) }
            if fits(follower, behind: mac, as: number + 2) { return .removed(number) }
        }
        // The text is the one that was written, and its MAC is not.
        if let text = bad.text, fits(follower, behind: link(text), as: number + 1) { return .changed(number) }
        return nil
    }

    /// Looks for the row that belongs in the bad one's place, and for the place that the bad one came from.
    private func search(for bad: AuditRow, appended: Int64) async throws -> AuditFault {
        let number = walk.next
        var after = number
        var isElsewhere = false
        while true {
            let rows = try await trail.rows(after: after, limit: VerifyAuditTrail.pageSize).rows
            for row in rows {
                guard let sequence = row.sequence else { continue }
                after = sequence
                if let text = row.text, row.mac == link(text) { isElsewhere = true }
                guard let mac = row.mac else { continue }
                // Moved: it fits where this row stands, or behind it.
                let places = [sequence, sequence < .max ? sequence + 1 : sequence, number + 1]
                if places.contains(where: { fits(bad, behind: mac, as: $0) }) { return .reordered(number) }
            }
            guard rows.count == VerifyAuditTrail.pageSize else { break }
        }
        return isElsewhere || appended < number ? .inserted(number) : .changed(number)
    }

    /// The MAC of the row that holds `text` in the bad one's place.
    private func link(_ text: String) -> [UInt8] {
        walk.epochs.link(previous: walk.last?.mac ?? [], sequence: walk.next, row: text)
    }

    private func fits(_ row: AuditRow, behind previous: [UInt8], as sequence: Int64) -> Bool {
        guard let text = row.text, let mac = row.mac else { return false }
        return walk.epochs.link(previous: previous, sequence: sequence, row: text) == mac
    }
}
