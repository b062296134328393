@testable import Sparekey
@testable import SparekeyCLI
@testable import StrictYAML

/// Text from outside, cleaned for a terminal: nothing that one obeys is left, cleaning twice changes nothing, and cells have
/// the width that was asked for.
enum TerminalText {
    static func judge(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let raw = String(decoding: bytes.dropFirst(), as: UTF8.self)
        let limit = Int(first) + 1
        let line = DisplayText(raw, limit: limit)
        hold(line.text.unicodeScalars.allSatisfy(DisplayText.shows), "a character that is not for a terminal")
        hold(isShowable(line.text), "a control character or a direction")
        hold(DisplayText(line.text, limit: limit).text == line.text, "cleaned twice it is another text")
        // A wide character takes two columns; of marks on one character four stay.
        hold(line.columns <= limit * 2, "wider than the limit")
        hold(line.text.unicodeScalars.count <= limit * 5, "longer than the limit")
        for width in [1, 2, 20, limit] {
            hold(DisplayText.columns(of: line.fitted(to: width)) == width, "a cell of another width")
        }
        hold(isShowable(printable(raw)) && printable(raw).unicodeScalars.count <= 64, "a key that a terminal obeys")
        let wrapped = WrappedText(line.text, indent: 2, columns: 20)
        hold(wrapped.lines.allSatisfy(isShowable), "a wrapped line that a terminal obeys")
        hold(letters(wrapped.lines.joined(separator: " ")) == letters(line.text), "a word is lost in wrapping")
    }

    private static func letters(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.filter { $0 != " " } }
}
