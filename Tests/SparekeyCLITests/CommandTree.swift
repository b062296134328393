import ArgumentParser
import Foundation

@testable import SparekeyCLI

/// Every command that the parser knows, found by walking it: nothing here has to be told of a new one.
struct CommandTree {
    struct Entry: Sendable {
        /// As it is typed, as in `sparekey users list`.
        let name: String
        let type: any ParsableCommand.Type
        let help: String

        var isGroup: Bool { !type.configuration.subcommands.isEmpty }
    }

    /// The root first, then each group before its commands.
    static let entries: [Entry] =
        [Entry(name: "sparekey", type: RootCommand.self, help: RootCommand.help)]
        + below(RootCommand.self, "sparekey")

    private static func below(_ type: any ParsableCommand.Type, _ name: String) -> [Entry] {
        type.configuration.subcommands.flatMap { command in
            let name = "\(name) \(command.configuration.commandName ?? "?")"
            return [Entry(name: name, type: command, help: help(of: command))] + below(command, name)
        }
    }

    private static func help(of type: any ParsableCommand.Type) -> String {
        switch type {
        case let command as any SparekeyCommand.Type: command.help
        case let group as any SparekeyCommandGroup.Type: group.help
        default: ""
        }
    }
}

/// A file of the project, wherever the tests are built.
enum ProjectFile {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// README and everything written for people in Docs, but not the reference, which is made of the help texts.
    static func documents() throws -> [String] {
        let docs = root.appending(path: "Docs")
        let found = FileManager.default.enumerator(atPath: docs.path)?.compactMap { $0 as? String } ?? []
        let markdown = found.filter { $0.hasSuffix(".md") && $0 != "commands.md" }.sorted()
        return ["README.md", "ARCHITECTURE.md", "SECURITY.md"] + markdown.map { "Docs/\($0)" }
    }
}
