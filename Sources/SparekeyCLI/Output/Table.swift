import Sparekey

/// Columns of text, aligned, each at most 28 wide or as the caller says, for a listing on the terminal.
struct Table {
    let lines: [String]

    /// No rows make no lines, not even the heading.
    init(_ heading: [String], _ rows: [[String]], widest: Int = 28) {
        guard !rows.isEmpty else {
            lines = []
            return
        }
        let all = [heading] + rows
        let widths = heading.indices.map { column in
            min(all.map { DisplayText.columns(of: $0[column]) }.max() ?? 0, widest)
        }
        lines = all.map { row in
            let padded = zip(row, widths).map { DisplayText($0, limit: 400).fitted(to: $1) }
            return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }
}
