import Sparekey
import Testing

@testable import SparekeyCLI

@Suite("Wrapped text")
struct WrappedTextTests {
    @Test("breaks between words, and indents what follows")
    func breaks() {
        #expect(
            WrappedText("ok       name: one two three", indent: 4, columns: 20).lines == [
                "ok       name: one", "    two three",
            ])
        #expect(
            WrappedText("    one two three four", indent: 4, columns: 14).lines == [
                "    one two", "    three four",
            ])
        #expect(WrappedText("short", indent: 4).lines == ["short"])
        #expect(WrappedText("", indent: 4).lines == [""])
    }

    @Test("a word that is too long stays whole")
    func longWord() {
        #expect(
            WrappedText("see /a/very/long/path/to/it there", indent: 2, columns: 12).lines == [
                "see", "  /a/very/long/path/to/it", "  there",
            ])
    }

    @Test("a line holds 80 columns and no more, wide characters counted as two")
    func widths() {
        let full = String(repeating: "x", count: 39) + " " + String(repeating: "y", count: 40)
        #expect(WrappedText(full, indent: 2).lines == [full])
        #expect(WrappedText(full + "y", indent: 2).lines.count == 2)
        let wide = Array(repeating: "漢字", count: 40).joined(separator: " ")
        #expect(WrappedText(wide, indent: 2).lines.allSatisfy { DisplayText.columns(of: $0) <= 80 })
    }
}
