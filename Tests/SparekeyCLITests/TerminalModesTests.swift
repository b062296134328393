import Glibc
import PasswordHashing
import Testing

@testable import SparekeyCLI

extension TerminalTests {
    @Suite struct Modes {
        let pair: TerminalPair

        init() throws {
            pair = try TerminalPair()
        }

        @Test("the modes after an answer are those before, bit for bit")
        func restored() throws {
            let before = pair.modes()
            try pair.terminal.conversation { #expect(pair.modes() != before) }
            _ = try pair.hidden("a\n")
            #expect(pair.modes() == before)
        }

        @Test("Ctrl-C throws, restores the modes and forgets what was typed after it")
        func interrupted() throws {
            let before = pair.modes()
            #expect(throws: TerminalInterrupted()) { try pair.hidden("abc\u{3}rm -rf\n") }
            #expect(pair.modes() == before)
            #expect(pair.screen() == "Enter new password: ***\r\n")
            #expect(try pair.hidden("next\n") == Array("next".utf8))
        }

        @Test("Ctrl-D closes an empty line and does nothing in one that is not")
        func endOfInput() throws {
            let before = pair.modes()
            #expect(throws: TerminalClosed()) { try pair.answer("\u{4}") }
            #expect(pair.screen() == "Enter user email: \r\n")
            #expect(try pair.answer("a\u{4}b\n") == "ab")
            #expect(pair.modes() == before)
        }

        @Test("a question on something that is no terminal is closed")
        func noTerminal() {
            let null = open("/dev/null", O_RDWR | O_CLOEXEC)
            #expect(throws: TerminalClosed()) {
                try Terminal(descriptor: null, closesDescriptor: true).askHidden("Enter new password: ")
            }
        }

        @Test("the terminal does not echo while a conversation is open, between its questions neither")
        func silentBetween() throws {
            #expect(pair.echoes)
            try pair.terminal.conversation {
                pair.type("one\ntwo\n")
                _ = try pair.terminal.askHidden("1: ")
                #expect(!pair.echoes)
                _ = try pair.terminal.askHidden("2: ")
            }
            #expect(pair.echoes)
            #expect(pair.screen() == "1: ***\r\n2: ***\r\n")
        }

        @Test("what was typed ahead is the answer")
        func typedAhead() throws {
            pair.type("ahead\n")
            #expect(try pair.terminal.askHidden("1: ").bytes == Array("ahead".utf8))
        }

        @Test(
            "what a signal does is the same after a question as before",
            arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT])
        func signals(signal: Int32) throws {
            let before = disposition(of: signal)
            try pair.terminal.conversation { #expect(disposition(of: signal) != before) }
            #expect(disposition(of: signal) == before)
        }

        private func disposition(of signal: Int32) -> Int {
            var action = sigaction()
            sigaction(signal, nil, &action)
            return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        }
    }
}
