import Glibc
import Testing

@testable import SparekeyCLI

@Suite struct TerminalStyleTests {
    @Test("a style on wraps the text and ends behind it")
    func on() {
        #expect(TerminalStyle(isOn: true).red("no") == "\u{1B}[31mno\u{1B}[0m")
        #expect(TerminalStyle.plain.red("no") == "no")
    }

    @Test(
        "colour needs a terminal type and nobody who refuses it",
        arguments: [
            (["TERM": "xterm"], true), (["TERM": "linux", "NO_COLOR": ""], true), ([:], false), (["TERM": ""], false),
            (["TERM": "dumb"], false), (["TERM": "xterm", "NO_COLOR": "1"], false),
        ] as [([String: String], Bool)])
    func environment(variables: [String: String], expected: Bool) throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { close(terminal) }
        try #require(terminal >= 0)
        #expect(TerminalStyle(descriptor: terminal, noColor: false) { variables[$0] }.isOn == expected)
        #expect(!TerminalStyle(descriptor: terminal, noColor: true) { variables[$0] }.isOn)
    }

    @Test("a file is never coloured")
    func file() {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        #expect(!TerminalStyle(descriptor: null, noColor: false) { $0 == "TERM" ? "xterm" : nil }.isOn)
    }
}
