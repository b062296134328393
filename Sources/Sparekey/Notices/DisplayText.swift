/// Text from outside, made fit for one line of a terminal, a log or a page (SEC-8).
///
/// What is gone afterwards: control characters (C0, DEL, C1), whole escape sequences with what they carry (a window
/// title, a link, a clipboard write), direction controls, zero-width and other ignorable characters, the tags block and
/// noncharacters. Line ends and tabs became one space. Nothing is escaped for HTML or a shell: that is still the work
/// of whoever writes there.
///
/// Two different texts can look the same afterwards: never compare, look up or store the result.
/// Costs one pass over the input, and stops once `limit` is reached.
public struct DisplayText: Sendable, Hashable, CustomStringConvertible {
    /// The safe text, on one line.
    public let text: String

    public var description: String { text }

    /// - Parameters:
    ///   - raw: anything at all.
    ///   - limit: the most characters kept, the "…" of a cut included; at least 1. Combining marks are not counted,
    ///     but of a pile of them only the first four stay.
    public init(_ raw: String, limit: Int = 120) {
        precondition(limit >= 1, "a limit of at least one character")
        // Nearly always.
        if raw.utf8.count <= limit, Self.isPlain(raw) {
            text = raw
            return
        }
        var line = SafeLine(limit: limit)
        var rest = raw.unicodeScalars[...]
        while let scalar = rest.popFirst(), !line.isCut {
            EscapeSequence.skip(from: scalar, in: &rest)
            line.append(scalar)
        }
        text = line.finished()
    }

    /// Nothing but what ASCII shows: each byte is a character of one column.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Whether `scalar` is one that this type lets through (a line end is not: it becomes a space).
    public static func shows(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        if scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value) { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
        // Also the zero-width joiner: without it a joined emoji shows as its parts, and with it nobody can say how
        // many columns a terminal will take.
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}

// MARK: - Columns

extension DisplayText {
    /// The terminal columns that `text` takes.
    public var columns: Int { Self.columns(of: text) }

    /// The terminal columns that `text` takes: 2 for wide East Asian characters and emoji, 0 for combining marks and
    /// for what is not shown, 1 for the rest.
    ///
    /// An approximation, as every terminal's own table is: joined emoji, flags and Indic clusters differ between
    /// programs. Plain text only; the sequences that colour text would be counted. Follows Unicode's EastAsianWidth.txt
    /// (16.0; W and F are wide, A is narrow) by blocks, unassigned places in a wide block included.
    public static func columns(of text: String) -> Int {
        isPlain(text) ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
    }

    /// The terminal columns that one code point takes: 0, 1 or 2, as for a whole text.
    public static func columns(of scalar: Unicode.Scalar) -> Int {
        guard shows(scalar), !isMark(scalar) else { return 0 }
        return isWide(scalar) ? 2 : 1
    }

    /// The text in exactly `width` columns: filled with spaces, or cut with a "…". For cells of a table or a box.
    public func fitted(to width: Int) -> String {
        precondition(width >= 1, "a width of at least one column")
        let whole = columns
        if whole <= width { return text + String(repeating: " ", count: width - whole) }
        var kept = ""
        var used = 0
        for scalar in text.unicodeScalars {
            let next = Self.columns(of: scalar)
            guard used + next < width else { break }
            kept.unicodeScalars.append(scalar)
            used += next
        }
        return kept + "…" + String(repeating: " ", count: width - used - 1)
    }

    fileprivate static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        // Medial and final Hangul letters are drawn into the block that the first one opened.
        if (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FF).contains(scalar.value) { return true }
        let category = scalar.properties.generalCategory
        return category == .nonspacingMark || category == .enclosingMark
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        if wide.contains(where: { $0.contains(scalar.value) }) { return true }
        // A flag is two letters of one column each.
        return scalar.properties.isEmojiPresentation && !(0x1F1E6...0x1F1FF).contains(scalar.value)
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E, 0x3041...0x4DFF,
        0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1D300...0x1D356,
        0x1D360...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]
}

// MARK: - One safe line

/// Collects what may be shown, up to a limit.
private struct SafeLine {
    private let limit: Int
    private var kept = String.UnicodeScalarView()
    private var count = 0
    private var marks = 0
    private var endsInBreak = false
    private(set) var isCut = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        if Self.breaksLine(scalar) {
            if !endsInBreak { appendCounted(" ") }
            endsInBreak = true
        } else if DisplayText.shows(scalar) {
            if DisplayText.isMark(scalar) { appendMark(scalar) } else { appendCounted(scalar) }
            endsInBreak = false
        }
    }

    func finished() -> String {
        guard isCut else { return String(kept) }
        var cut = kept
        while let last = cut.popLast(), DisplayText.isMark(last) {}
        return String(cut) + "…"
    }

    private mutating func appendCounted(_ scalar: Unicode.Scalar) {
        guard count < limit else {
            isCut = true
            return
        }
        kept.append(scalar)
        count += 1
        marks = 0
    }

    private mutating func appendMark(_ scalar: Unicode.Scalar) {
        // A mark that comes first would settle on the text that stands before this one.
        guard count > 0, marks < 4 else { return }
        kept.append(scalar)
        marks += 1
    }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}

// MARK: - Escape sequences

/// Steps over the sequences a terminal obeys. Standard: ECMA-48, sections 5.3–5.6 and 8.3; the bell as an end is xterm's.
private enum EscapeSequence {
    /// Removes from `rest` what belongs to the sequence that `scalar` opens, if it opens one.
    static func skip(from scalar: Unicode.Scalar, in rest: inout Substring.UnicodeScalarView) {
        switch scalar.value {
        case 0x1B: skipEscape(in: &rest)
        case 0x9B: skipControlSequence(in: &rest)
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F: skipString(in: &rest)
        default: break
        }
    }

    private static func skipEscape(in rest: inout Substring.UnicodeScalarView) {
        switch rest.first {
        case "[":
            rest.removeFirst()
            skipControlSequence(in: &rest)
        case "]", "P", "X", "^", "_":
            rest.removeFirst()
            skipString(in: &rest)
        default:
            rest = rest.drop { (0x20...0x2F).contains($0.value) }
            if let final = rest.first, (0x30...0x7E).contains(final.value) { rest.removeFirst() }
        }
    }

    private static func skipControlSequence(in rest: inout Substring.UnicodeScalarView) {
        rest = rest.drop { (0x20...0x3F).contains($0.value) }
        if let final = rest.first, (0x40...0x7E).contains(final.value) { rest.removeFirst() }
    }

    /// A string that nobody ends takes the rest with it, as on a terminal.
    private static func skipString(in rest: inout Substring.UnicodeScalarView) {
        while let scalar = rest.popFirst() {
            switch scalar.value {
            case 0x07, 0x18, 0x1A, 0x9C: return
            case 0x1B:
                if rest.first == "\\" { rest.removeFirst() } else { skipEscape(in: &rest) }
                return
            default: continue
            }
        }
    }
}
