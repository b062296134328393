import ArgumentParser
import Foundation
import Testing

@testable import SparekeyCLI

@Suite("Command lines in the documents and the help texts")
struct CommandLineTests {
    @Test("each in a document is one that the program takes")
    func documents() throws {
        var count = 0
        for path in try ProjectFile.documents() {
            for words in CommandLines(markdown: try ProjectFile.text(path)).found {
                Self.check(words, path)
                count += 1
            }
        }
        // As many as stand there today; fewer means that they are not found any more.
        #expect(count >= 20)
    }

    @Test("each in a help text, the example too, is one that the program takes")
    func helpTexts() {
        for entry in CommandTree.entries {
            let lines = CommandLines(help: entry.help).found
            #expect(!lines.isEmpty, "\(entry.name) shows no command line")
            for words in lines { Self.check(words, entry.name) }
        }
    }

    @Test("every option that a document names is one of some command")
    func options() throws {
        let known = Set(CommandTree.entries.flatMap { $0.help.matches(of: /--[a-z][a-z-]*/).map { String($0.output) } })
        for path in try ProjectFile.documents() {
            // In code that begins with the option: others' options, as pg_dump's, stand behind their command.
            for option in try ProjectFile.text(path).matches(of: /`(--[a-z][a-z-]*)/) {
                #expect(known.contains(String(option.output.1)), "\(path): \(option.output.1)")
            }
        }
    }

    @Test(
        "what is read is what a shell would read",
        arguments: [
            ("$ x\nanswer: sparekey no\n$ sparekey users list", [["users", "list"]]),
            ("printf '%s' \"$P\" | sparekey setup --generate > f", [["setup", "--generate"]]),
            ("H=$(sparekey hash make)   # sparekey comment", [["hash", "make"]]),
            (
                "sparekey users show|set ACCOUNT --after 'a b'",
                [
                    ["users", "show", "1", "--after", "a b"], ["users", "set", "1", "--after", "a b"],
                ]
            ),
            ("sparekey undo 2 2>&1; X=$(sparekey doctor 2> /dev/null)", [["undo", "2"], ["doctor"]]),
            ("sparekey setup \\\n  --admin [--limit N]", [["setup", "--admin", "--limit", "1"]]),
        ])
    func reading(_ block: String, _ wanted: [[String]]) {
        #expect(CommandLines(markdown: "```\n\(block)\n```").found == wanted)
        #expect(CommandLines(markdown: "no `sparekeys` and `no sparekey`").found.isEmpty)
    }

    @Test("what the parser does not take is noticed")
    func mistakes() {
        for wrong in ["users frobnicate", "users list --limits 3", "undo twelve", "hash", "users add ada"] {
            #expect(!Self.isTaken(wrong.split(separator: " ").map { String($0) }), "\(wrong)")
        }
        for right in ["users list", "undo", "undo 1", "users", "--help", "--version", "help users", "audit export -"] {
            #expect(Self.isTaken(right.split(separator: " ").map { String($0) }, isName: true), "\(right)")
        }
    }

    private static func check(_ words: [String], _ place: String) {
        #expect(isTaken(words, isName: true), "\(place): sparekey \(words.joined(separator: " "))")
    }

    /// - Parameter isName: whether a command's bare name counts, as in "`sparekey undo` puts it back".
    private static func isTaken(_ words: [String], isName: Bool = false) -> Bool {
        let name = (["sparekey"] + words).joined(separator: " ")
        if isName, CommandTree.entries.contains(where: { $0.name == name }) { return true }
        if words.first == "help" || words.contains("--help") || words == ["--version"] { return true }
        guard let command = try? RootCommand.parseAsRoot(words) else { return false }
        return command is any SparekeyCommand
    }
}
