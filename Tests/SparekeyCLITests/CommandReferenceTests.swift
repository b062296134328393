import Foundation
import Testing

@testable import SparekeyCLI

@Suite("Docs/commands.md")
struct CommandReferenceTests {
    @Test("it is the help texts, word by word: `dev/reference` writes it anew")
    func equal() throws {
        let path = "Docs/commands.md"
        if ProcessInfo.processInfo.environment["SPAREKEY_WRITE_REFERENCE"] == "1" {
            try Data(Self.reference.utf8).write(to: ProjectFile.root.appending(path: path))
        }
        let isEqual = try ProjectFile.text(path) == Self.reference
        #expect(isEqual, "\(path) is not what the help texts say: run dev/reference")
    }

    @Test("every command has a help text, and its test")
    func complete() {
        for entry in CommandTree.entries { #expect(!entry.help.isEmpty, "\(entry.name)") }
        let tested = Set(HelpTests.commands.map { ObjectIdentifier($0) })
        for entry in CommandTree.entries.dropFirst() where !entry.isGroup {
            #expect(tested.contains(ObjectIdentifier(entry.type)), "\(entry.name) is missing in HelpTests")
        }
        for entry in CommandTree.entries { #expect(HelpTests.texts.contains(entry.help), "\(entry.name)") }
    }

    private static let reference =
        """
        # Commands

        What `--help` says of each; made by `dev/reference`, so change the help text and not this file. Exit statuses and the
        words of every message are the program's own.

        """
        + CommandTree.entries.map { "\n## \($0.name)\n\n```text\n\($0.help)\n```\n" }.joined()
}
