import PasswordHashing
import Testing

@testable import SparekeyCLI

extension TerminalTests {
    @Suite struct Prompts {
        let pair: TerminalPair

        init() throws {
            pair = try TerminalPair()
        }

        @Test("a hidden answer shows one star a character and nothing of itself")
        func stars() throws {
            #expect(try pair.hidden("pässwörd🙂\r") == Array("pässwörd🙂".utf8))
            #expect(pair.screen() == "Enter new password: *********\r\n")
        }

        @Test("Backspace in a hidden answer removes a whole character and its star", arguments: ["é", "€", "🙂", "x"])
        func backspace(character: String) throws {
            #expect(try pair.hidden("ab\(character)\u{7F}c\n") == Array("abc".utf8))
            #expect(pair.screen() == "Enter new password: ***\u{8} \u{8}*\r\n")
        }

        @Test("Backspace on an empty hidden answer does nothing")
        func backspaceOnNothing() throws {
            #expect(try pair.hidden("\u{7F}\u{8}a\n") == Array("a".utf8))
            #expect(pair.screen() == "Enter new password: *\r\n")
        }

        @Test("Ctrl-U and Ctrl-W remove the whole hidden answer", arguments: ["\u{15}", "\u{17}"])
        func eraseLine(key: String) throws {
            #expect(try pair.hidden("one two\(key)b\n") == Array("b".utf8))
        }

        @Test(
            "keys that are no text are not part of a hidden answer",
            arguments: [
                "\u{1B}[A", "\u{1B}[1;5C", "\u{1B}OP", "\u{1B}[[A", "\u{1B}[3~", "\u{1B}x", "\u{1B}é", "\u{1A}",
                "\u{1C}", "\u{13}",
                "\u{0}", "\u{1B}]11;rgb:0/0/0\u{7}", "\u{1B}P1+r\u{1B}\\",
            ])
        func swallowed(keys: String) throws {
            #expect(try pair.hidden("a\(keys)b\n") == Array("ab".utf8))
            #expect(pair.screen() == "Enter new password: **\r\n")
        }

        @Test("the marks around a paste are not part of it")
        func bracketedPaste() throws {
            #expect(try pair.hidden("\u{1B}[200~s3cret\tword\u{1B}[201~\r") == Array("s3cret\tword".utf8))
        }

        @Test("Escape and then Enter is Enter")
        func escapeThenEnter() throws {
            #expect(try pair.hidden("ab\u{1B}\r") == Array("ab".utf8))
        }

        @Test(
            "of a paste of two lines the first is the answer and the second the next one",
            arguments: ["\n", "\r", "\r\n"])
        func twoLines(end: String) throws {
            try pair.terminal.conversation {
                pair.type("first\(end)second\(end)")
                let answers = [try pair.terminal.askHidden("1: "), try pair.terminal.askHidden("2: ")]
                #expect(answers.map(\.bytes) == [Array("first".utf8), Array("second".utf8)])
            }
            #expect(pair.screen() == "1: *****\r\n2: ******\r\n")
        }

        @Test("two Enters are two answers")
        func twoEnters() throws {
            try pair.terminal.conversation {
                pair.type("\r\rx\r")
                let answers = [
                    try pair.terminal.ask("1: "), try pair.terminal.ask("2: "), try pair.terminal.ask("3: "),
                ]
                #expect(answers == ["", "", "x"])
            }
        }

        @Test("bytes that are not UTF-8 are kept as they come")
        func otherEncodings() throws {
            #expect(try pair.hidden([0xE9, 0x61, 0xFF, 0x0A]) == [0xE9, 0x61, 0xFF])
        }

        @Test("1,024 bytes are taken whole and one more is refused, not cut")
        func tooLong() throws {
            let most = String(repeating: "a", count: 1_024)
            #expect(try pair.hidden(most + "\n").count == 1_024)
            #expect(throws: TerminalAnswerTooLong(limit: 1_024)) { try pair.hidden(most + "b\n") }
            #expect(try pair.hidden("next\n") == Array("next".utf8))
        }

        @Test("a visible answer too long is refused as well")
        func visibleTooLong() {
            #expect(throws: TerminalAnswerTooLong(limit: 1_024)) {
                try pair.answer(String(repeating: "é", count: 513) + "\n")
            }
        }

        @Test("erasing a line that was too long makes room again")
        func tooLongErased() throws {
            #expect(try pair.hidden(String(repeating: "a", count: 1_100) + "\u{15}b\n") == Array("b".utf8))
        }

        @Test("a visible answer shows as it is typed")
        func visible() throws {
            #expect(try pair.answer("zoë@example.com\r") == "zoë@example.com")
            #expect(pair.screen() == "Enter user email: zoë@example.com\r\n")
        }

        @Test(
            "Backspace in a visible answer removes a letter with its accents and as many columns as it took",
            arguments: [("é", 1), ("e\u{301}", 1), ("日", 2), ("🙂", 2)])
        func visibleBackspace(character: String, columns: Int) throws {
            #expect(try pair.answer("a\(character)\u{7F}b\n") == "ab")
            let erased = String(repeating: "\u{8} \u{8}", count: columns)
            #expect(pair.screen() == "Enter user email: a\(character)\(erased)b\r\n")
        }

        @Test("Ctrl-W removes the last word of a visible answer")
        func visibleWord() throws {
            #expect(try pair.answer("ada lovelace \u{17}byron\n") == "ada byron")
        }

        @Test("a visible answer that folds is shown anew when Backspace reaches the fold")
        func folded() throws {
            let narrow = try TerminalPair(columns: 20)
            #expect(try narrow.answer("abcd\u{7F}\n") == "abc")
            #expect(narrow.screen() == "Enter user email: abcd\u{8} \u{8}\r\n")
            #expect(try narrow.answer("ab\u{7F}\n") == "a")
            #expect(narrow.screen() == "Enter user email: ab\r\nEnter user email: a\r\n")
        }

        @Test("characters a terminal must not see are not shown in a visible answer")
        func visibleControls() throws {
            #expect(try pair.answer("a\u{202E}b\u{9B}c\n") == "a\u{202E}bc")
            #expect(pair.screen() == "Enter user email: abc\r\n")
        }

        @Test("only y and yes, in any case, confirm", arguments: ["y", "Y", "yes", "YES", "Yes"])
        func confirmed(answer: String) throws {
            #expect(try confirms(answer))
            #expect(pair.screen() == "Really? (y/n): \(answer)\r\n")
        }

        @Test("any other answer does not confirm", arguments: ["", "n", "no", "j", "yess", " y", "yes please"])
        func notConfirmed(answer: String) throws {
            #expect(try !confirms(answer))
        }

        @Test("a line is said with a line end")
        func says() {
            pair.terminal.say("User found:")
            #expect(pair.screen() == "User found:\r\n")
        }

        private func confirms(_ answer: String) throws -> Bool {
            try pair.terminal.conversation {
                pair.type(answer + "\n")
                return try pair.terminal.confirm("Really?")
            }
        }
    }
}
