import ArgumentParser
import Foundation
import Testing

@testable import SparekeyCLI

@Suite("Help texts")
struct HelpTests {
    static let commands: [any SparekeyCommand.Type] = [
        SetupCommand.self, ServeCommand.self, ResetPasswordCommand.self, UsersList.self, UsersShow.self, UsersAdd.self,
        UsersDisable.self,
        UsersEnable.self, UsersUnlock.self, UsersSet.self, UsersRemove.self, ResetsList.self, ResetsShow.self,
        UndoCommand.self,
        GenerateResetToken.self, CleanupTokens.self, RequestsList.self, RequestsShow.self, RequestsApprove.self,
        RequestsDeny.self,
        AppsList.self, AppsShow.self, AppsCheck.self, AppsScan.self, AppsDetect.self, AppsAdd.self, AppsRemove.self,
        HashMake.self,
        HashVerify.self, HashIdentify.self, HashFormatsCommand.self, AuditList.self,
        AuditVerify.self, AuditExport.self,
        DoctorCommand.self, BackupCommand.self, CompletionsCommand.self, AuditPrune.self, RestoreCommand.self,
        KeyRotate.self, MoveCommand.self,
    ]
    static let texts: [String] =
        commands.map { $0.help } + [
            RootCommand.help, UsersCommand.help, RequestsCommand.help, ResetsCommand.help, AppsCommand.help,
            HashCommand.help,
            AuditCommand.help, KeyCommand.help,
        ]

    @Test("every option that a command takes stands in its help, and no other", arguments: 0..<commands.count)
    func agreement(_ index: Int) throws {
        let command = Self.commands[index]
        #expect(Self.optionsNamed(in: command.help) == (try Self.optionsTaken(by: command)))
    }

    @Test("help fits a screen of 24 lines and 88 columns, and ends in an example", arguments: texts)
    func form(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 24)
        #expect(lines.allSatisfy { $0.count <= 96 })
        #expect(text.contains("\nExample: "))
    }

    @Test("every command is found by the words that name it")
    func found() {
        #expect(HelpText.asked(["users", "add", "--help"]) == UsersAdd.help)
        #expect(HelpText.asked(["help", "hash"]) == HashCommand.help)
        #expect(HelpText.asked(["reset-password", "ada", "-h"]) == ResetPasswordCommand.help)
        #expect(HelpText.asked(["--help"]) == RootCommand.help)
        #expect(HelpText.asked(["reset-password", "ada", "--", "--help"]) == nil)
    }

    private static func optionsNamed(in help: String) -> Set<String> {
        let words = help.prefix(upTo: help.range(of: "\nExample: ")?.lowerBound ?? help.endIndex)
        let found = words.matches(of: /(--[a-z][a-z-]*)/).map { String($0.output.1) }
        // `sparekey --help` is what the line about the common options points to.
        return Set(found).subtracting(["--help"])
    }

    private static func optionsTaken(by command: any SparekeyCommand.Type) throws -> Set<String> {
        let dump = try JSONSerialization.jsonObject(with: Data(command._dumpHelp().utf8)) as? [String: Any]
        let described = try #require(dump?["command"] as? [String: Any])
        let arguments = try #require(described["arguments"] as? [[String: Any]])
        let names = arguments.compactMap { $0["names"] as? [[String: Any]] }.joined()
        return Set(names.compactMap { $0["name"] as? String }.map { "--\($0)" }).subtracting(["--help"])
    }
}
