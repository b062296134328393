import Sparekey

/// A text in lines of at most 80 columns, broken between words. A longer word, a path perhaps, stays whole.
struct WrappedText {
    let lines: [String]

    /// - Parameters:
    ///   - text: one line, cleaned of what no terminal should see.
    ///   - indent: how many spaces each line but the first begins with; the text's own spaces at the start stay.
    init(_ text: String, indent: Int, columns: Int = 80) {
        let margin = String(repeating: " ", count: indent)
        // The spaces between columns, as in `ok       backup`, are words of no length and no place to break.
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        var lines: [String] = []
        var line = String(words.first ?? "")
        for word in words.dropFirst() {
            let longer = "\(line) \(word)"
            let isStart = line.allSatisfy { $0 == " " }
            if !isStart, !word.isEmpty, DisplayText.columns(of: longer) > columns {
                lines.append(line)
                line = margin + word
            } else {
                line = longer
            }
        }
        self.lines = lines + [line]
    }
}
