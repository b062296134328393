import Sparekey
import Testing

@Suite struct DisplayTextTests {
    @Test(
        "ordinary text of any script stays as it is",
        arguments: ["Ada Lovelace", "Zoë Ångström", "日本 語", "🙂 ok", "שלום"])
    func ordinary(text: String) {
        #expect(DisplayText(text).text == text)
    }

    @Test(
        "an escape sequence goes with what it carries",
        arguments: [
            "\u{1B}[31m", "\u{1B}[2J", "\u{1B}[?25;1 q", "\u{1B}]0;title\u{7}", "\u{1B}]52;c;aGk=\u{1B}\\",
            "\u{1B}P1$qm\u{1B}\\", "\u{1B}_app\u{1B}\\", "\u{1B}^pm\u{1B}\\", "\u{1B}Xsos\u{1B}\\", "\u{1B}(B",
            "\u{1B}c",
            "\u{9B}31m", "\u{9D}8;;x\u{9C}", "\u{90}dcs\u{9C}", "\u{1B}]52;c;aGk=\u{9C}",
        ])
    func escapes(sequence: String) {
        #expect(DisplayText("a\(sequence)b").text == "ab")
    }

    @Test("a link keeps its words and loses its target")
    func link() {
        #expect(DisplayText("\u{1B}]8;;http://evil.example\u{1B}\\here\u{1B}]8;;\u{1B}\\!").text == "here!")
    }

    @Test(
        "a sequence that nobody ends leaves nothing a terminal obeys", arguments: ["\u{1B}", "\u{1B}[1;", "\u{1B}]0;x"])
    func unended(sequence: String) {
        #expect(DisplayText("a\(sequence)").text == "a")
    }

    @Test("a sequence inside a string still goes whole")
    func nested() {
        #expect(DisplayText("a\u{1B}]0;x\u{1B}[31mb").text == "ab")
    }

    @Test(
        "control, direction, invisible and tag characters and noncharacters go",
        arguments: [
            0x00, 0x07, 0x08, 0x7F, 0x80, 0x99, 0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F,
            0x202A,
            0x202E, 0x2060, 0x2066, 0x2069, 0x3164, 0xFE0F, 0xFEFF, 0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0xE0001, 0xE0041,
            0xE0100, 0x10FFFF,
        ] as [UInt32])
    func invisible(value: UInt32) throws {
        var raw = "a"
        raw.unicodeScalars.append(try #require(Unicode.Scalar(value)))
        raw.unicodeScalars.append("b")
        #expect(Array(DisplayText(raw).text.unicodeScalars) == ["a", "b"])
    }

    @Test(
        "a line end or a tab becomes one space",
        arguments: ["\n", "\r\n", "\r", "\t", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}", "\n\n\t"])
    func lineEnds(end: String) {
        #expect(DisplayText("a\(end)b").text == "a b")
    }

    @Test("text at the limit stays whole and one character more is cut to the limit")
    func limit() {
        #expect(DisplayText("abcdef", limit: 6).text == "abcdef")
        #expect(DisplayText("abcdefg", limit: 6).text == "abcde…")
        #expect(DisplayText(String(repeating: "x", count: 500)).text.count == 120)
    }

    @Test("invisible characters do not use up the limit")
    func limitCountsWhatShows() {
        #expect(DisplayText(String(repeating: "\u{200B}", count: 50) + "abc", limit: 3).text == "abc")
    }

    @Test("of a pile of marks four stay, and a mark without a letter goes")
    func marks() {
        let pile = String(repeating: "\u{301}", count: 100)
        #expect(DisplayText("a\(pile)b").text.unicodeScalars.count == 6)
        #expect(DisplayText("\u{301}b").text == "b")
    }

    @Test("a cut never leaves a letter's accents behind on the ellipsis")
    func cutWithMarks() {
        #expect(DisplayText("abe\u{301}d", limit: 3).text == "ab…")
    }

    @Test(
        "columns follow what a terminal takes",
        arguments: [
            ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ｱ", 1), ("Ａ", 2), ("한", 2), ("🙂", 2), ("🇩🇪", 2),
            ("…", 1),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("", 0), ("\u{200B}", 0),
        ])
    func columns(text: String, expected: Int) {
        #expect(DisplayText.columns(of: text) == expected)
    }

    @Test(
        "a fitted text takes exactly its width",
        arguments: [("abc", "abc  "), ("abcde", "abcde"), ("abcdef", "abcd…"), ("日本語", "日本…"), ("a日本語", "a日… ")])
    func fitted(text: String, expected: String) {
        #expect(DisplayText(text).fitted(to: 5) == expected)
        #expect(DisplayText.columns(of: expected) == 5)
    }
}
