import Foundation

/// The command lines of `sparekey` that stand in a text, as the words a shell would hand over.
///
/// Markdown: blocks between fences, and `code` in running text. In a block with a `$ ` prompt only the lines behind one are
/// commands, the rest is what they answered.
struct CommandLines {
    let found: [[String]]

    init(markdown: String) {
        var found: [[String]] = []
        for (index, part) in markdown.components(separatedBy: "```").enumerated() {
            // Every second part is a block; its first line names the language.
            if index.isMultiple(of: 2) {
                // A code span may go over the end of a line.
                let spans = part.replacing("\n", with: " ").split(separator: "`", omittingEmptySubsequences: false)
                for (index, span) in spans.enumerated() where !index.isMultiple(of: 2) && span.hasPrefix("sparekey ") {
                    found += Self.commands(in: String(span))
                }
            } else {
                let block = part.drop { $0 != "\n" }.replacing("\\\n", with: " ")
                let lines = block.split(separator: "\n").map { String($0) }
                let typed = lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
                for line in typed.isEmpty ? lines : typed { found += Self.commands(in: line) }
            }
        }
        self.found = found
    }

    /// - Parameter help: a help text: its synopsis lines and its example.
    init(help: String) {
        let parts = help.replacing("\\\n", with: " ").components(separatedBy: "\nExample: ")
        var found: [[String]] = []
        for line in parts[0].split(separator: "\n") {
            let line = line.trimmingPrefix { $0 == " " }
            guard line.hasPrefix("sparekey ") else { continue }
            // What it does stands behind a colon or a gap.
            let synopsis = line.replacing(/: .*|  .*/, with: "")
            found += Self.commands(in: String(synopsis))
        }
        self.found = found + (parts.count > 1 ? Self.commands(in: parts[1]) : [])
    }

    /// Every `sparekey …` of a shell's line: at its start, in a pipe, in a substitution.
    private static func commands(in line: String) -> [[String]] {
        var commands: [[String]] = []
        var words = ShellWords(line).words[...]
        while let start = words.firstIndex(of: .word("sparekey")) {
            let rest = words[(start + 1)...]
            let end = rest.firstIndex(of: .end) ?? words.endIndex
            let texts = words[(start + 1)..<end].map(\.text)
            commands += alternatives(texts)
            words = words[end...]
        }
        return commands
    }

    /// Placeholders filled in: `[--limit N]` is given, `list|show` is one after the other, `ACCOUNT` and `N` are 1.
    private static func alternatives(_ words: [String]) -> [[String]] {
        words.reduce([[]]) { lines, word in
            let bare = word.trimmingCharacters(in: ["[", "]"])
            let choices = bare.split(separator: "|").map { choice in
                choice.contains(/^[A-Z][A-Z-]*$/) ? "1" : String(choice)
            }
            return lines.flatMap { line in choices.map { line + [$0] } }
        }
    }
}

/// Splits a line as a shell does, as far as the documents need it: quotes, pipes, redirections, substitutions, comments.
private struct ShellWords {
    enum Word: Equatable {
        case word(String)
        /// Where a command ends.
        case end

        var text: String { if case .word(let text) = self { text } else { "" } }
    }

    private(set) var words: [Word] = []
    private var current: String?
    private var quote: Character?

    init(_ line: String) {
        var previous: Character = " "
        for character in line {
            if character == "#", quote == nil, previous == " " { break }
            take(character, after: previous)
            previous = character
        }
        finish()
    }

    private mutating func take(_ character: Character, after previous: Character) {
        if let open = quote {
            if character == open { quote = nil } else { current = (current ?? "") + String(character) }
        } else if character == "'" || character == "\"" {
            quote = character
            current = current ?? ""
        } else if character == " " {
            finish()
        } else if "<>".contains(character), current?.allSatisfy(\.isNumber) == true {
            // The descriptor of a redirection, as in 2>&1, is no argument.
            current = nil
            words.append(.end)
        } else if "(;&<>)".contains(character) || (character == "|" && previous == " ") {
            finish()
            words.append(.end)
        } else {
            current = (current ?? "") + String(character)
        }
    }

    private mutating func finish() {
        if let current { words.append(.word(current)) }
        current = nil
    }
}
