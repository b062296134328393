/// How a box may be drawn where it goes.
public struct BoxStyle: Sendable, Hashable {
    public let hasColor: Bool
    /// Nothing but ASCII: for a terminal or a log whose locale is C.
    public let isASCII: Bool

    public init(hasColor: Bool, isASCII: Bool) {
        self.hasColor = hasColor
        self.isASCII = isASCII
    }
}

extension CodeNotice {
    /// One line for a log: the same event without the code (NEX-2).
    public var line: String {
        let whom = "'\(DisplayText(account.username, limit: 64).text)'"
        let place = app.map { " in \(DisplayText($0, limit: 64).text)" } ?? ""
        switch content {
        case .code(_, _, let expiresAt):
            return
                "Password reset code for \(whom)\(place), until \(expiresAt.rfc3339): sparekey requests show \(number)"
        case .needsApproval(let isOverBudget):
            let why = isOverBudget ? "there were too many wrong codes" : "a reset code needs an approval"
            return "Password reset for \(whom)\(place), \(why): sparekey requests approve \(number)"
        }
    }

    /// The lines for the console: a box of 80 columns around a code (NEX-2); the line alone where an approval is needed.
    public func box(_ style: BoxStyle) -> [String] {
        guard case .code(let code, let lifetime, let expiresAt) = content else { return [style.plain(line)] }
        var rows: [CodeBoxRow] = [.title("PASSWORD RESET CODE"), .rule, .field("Username:", account.username)]
        if let app { rows.append(.field("App:", app)) }
        let valid = CodeBoxRow.words(for: lifetime)
        rows += [
            .code("Reset code:", code.shownOnce),
            .field("Valid for:", "\(valid), until \(expiresAt.clockText)"),
            .field("Requested at:", "\(requestedAt.clockText) (request \(number))"),
            .blank,
            .warning("! It expires in \(valid) and works once."),
            .warning("! Give it by voice or encrypted chat, and only to the person you know."),
            .warning("! Nobody spoke to you? Do nothing: without the code nothing changes."),
        ]
        return CodeBox(rows: rows, style: style).lines
    }
}

/// What can stand on a line of the box.
enum CodeBoxRow {
    case title(String)
    case rule
    case blank
    case field(String, String)
    case code(String, String)
    case warning(String)

    /// `10 minutes`, in the largest unit that says it exactly.
    static func words(for duration: Duration) -> String {
        let seconds = duration.components.seconds
        let (count, unit) =
            switch true {
            case seconds % 3600 == 0: (seconds / 3600, "hour")
            case seconds % 60 == 0: (seconds / 60, "minute")
            default: (seconds, "second")
            }
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}

extension Timestamp {
    /// `2026-02-12 16:30:00 UTC`.
    fileprivate var clockText: String {
        "\(rfc3339.prefix(10)) \(rfc3339.dropFirst(11).dropLast()) UTC"
    }
}

extension BoxStyle {
    /// What is not ASCII becomes question marks of the same width, where only ASCII may be.
    fileprivate func plain(_ text: String) -> String {
        guard isASCII, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return text.unicodeScalars.map { scalar in
            if scalar.isASCII { return String(scalar) }
            return scalar == "…" ? "." : String(repeating: "?", count: DisplayText.columns(of: scalar))
        }.joined()
    }

    /// `text` in a rendition of ECMA-48, or as it is where colours are not wanted.
    fileprivate func styled(_ text: String, _ rendition: String) -> String {
        hasColor ? "\u{1B}[\(rendition)m\(text)\u{1B}[0m" : text
    }
}

/// Rows between borders. Cells are measured before they are coloured, and everything from outside is cleaned, so that no
/// name moves a border or says anything of its own.
private struct CodeBox {
    private static let width = 80
    /// Columns between the borders, without the two spaces beside each.
    private static let inner = width - 6
    private static let labels = 15

    let rows: [CodeBoxRow]
    let style: BoxStyle

    var lines: [String] {
        [border("╔", "╗")] + rows.map(line) + [border("╚", "╝")]
    }

    private func line(_ row: CodeBoxRow) -> String {
        switch row {
        case .rule: return border("╠", "╣")
        case .blank: return framed(cell("", Self.inner))
        case .title(let text):
            let indent = String(repeating: " ", count: (Self.inner - text.count) / 2)
            return framed(cell(indent + text, Self.inner))
        case .field(let label, let value):
            return framed(heading(label) + cell(value, Self.inner - Self.labels))
        case .code(let label, let code):
            let space = String(repeating: " ", count: Self.inner - Self.labels - code.count)
            return framed(heading(label) + style.styled(code, "1;32;40") + space)
        case .warning(let text): return framed(style.styled(cell(text, Self.inner), "31"))
        }
    }

    private func heading(_ label: String) -> String {
        style.styled(label, "33") + String(repeating: " ", count: Self.labels - label.count)
    }

    /// Exactly `columns` wide, whatever it was made from. Leading spaces are ours.
    private func cell(_ text: String, _ columns: Int) -> String {
        style.plain(DisplayText(text, limit: 400).fitted(to: columns))
    }

    private func framed(_ content: String) -> String {
        let side = style.styled(style.isASCII ? "|" : "║", "36")
        return "\(side)  \(content)  \(side)"
    }

    private func border(_ left: String, _ right: String) -> String {
        let line = String(repeating: style.isASCII ? "=" : "═", count: Self.width - 2)
        return style.styled(style.isASCII ? "+\(line)+" : left + line + right, "36")
    }
}
