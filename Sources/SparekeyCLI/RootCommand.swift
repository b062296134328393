import ArgumentParser

/// `sparekey`: the list of commands. Each is a file in Commands/.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sparekey",
        subcommands: [
            SetupCommand.self, ServeCommand.self, ResetPasswordCommand.self, GenerateResetToken.self,
            CleanupTokens.self,
            UsersCommand.self, RequestsCommand.self, ResetsCommand.self, UndoCommand.self,
            AppsCommand.self, HashCommand.self, AuditCommand.self, DoctorCommand.self, BackupCommand.self,
            CompletionsCommand.self,
            RestoreCommand.self, KeyCommand.self, MoveCommand.self,
        ],
        helpNames: [])

    /// Answered before anything is parsed; here for `sparekey completions`.
    @Flag var help = false
    @Flag var version = false

    static let help = """
        Sparekey lets people back into software when there is no e-mail for a link.

          sparekey setup                     create the first administrator
          sparekey serve                     run the server
          sparekey reset-password [ACCOUNT]  reset a password; no ACCOUNT: interactive
          sparekey users list|show|add|set|disable|enable|unlock|remove
          sparekey generate-reset-token [ACCOUNT]  a one-time token, link and QR code
          sparekey cleanup-tokens            remove old tokens
          sparekey requests list|show|approve|deny  what people asked for, and their codes
          sparekey resets list|show          the journal of resets
          sparekey undo RESET                put the old password back
          sparekey apps list|show|check|scan|detect|add|remove  other programs' databases
          sparekey hash make|verify|identify|formats  one password hash, any format
          sparekey audit list|verify|export|prune  what was done; does the record hold?
          sparekey doctor                    what would stop a recovery today
          sparekey backup FILE               copy the database while it is in use
          sparekey restore FILE              put such a copy back
          sparekey key rotate                a new instance key
          sparekey move --to ADDRESS         from the file to PostgreSQL
          sparekey completions bash|zsh|fish  what TAB offers in your shell

        Of every command: --data DIR, --config FILE, --database URL (a path, sqlite:///PATH or
        postgres://USER@HOST/NAME), --json, --quiet, --no-color, --help; and --version alone.
        Example: sparekey reset-password alice
        """
}

/// The version of this program.
enum Version {
    static let text = "0.1.0"
}

/// Finds the help that is asked for: `--help` or `-h` anywhere before `--`, or `help COMMAND`.
enum HelpText {
    static func asked(_ words: [String]) -> String? {
        if words.first == "help" { return text(for: Array(words.dropFirst())) }
        let options = words.prefix { $0 != "--" }
        return options.contains("--help") || options.contains("-h") ? text(for: words) : nil
    }

    /// The command's name as it is typed, for a hint.
    static func name(of words: [String]) -> String {
        path(words).reduce("sparekey") { "\($0) \($1.configuration.commandName ?? "")" }
    }

    /// The word that stands where a command of the root or of a group should, and is none.
    static func unknownCommand(in words: [String]) -> String? {
        let path = path(words)
        let isGroup = path.last.map { $0 is any SparekeyCommandGroup.Type } ?? true
        guard isGroup, let word = words.dropFirst(path.count).first, !word.hasPrefix("-") else { return nil }
        return word
    }

    private static func text(for words: [String]) -> String {
        switch path(words).last {
        case let command as any SparekeyCommand.Type: command.help
        case let group as any SparekeyCommandGroup.Type: group.help
        default: RootCommand.help
        }
    }

    private static func path(_ words: [String]) -> [any ParsableCommand.Type] {
        var found: [any ParsableCommand.Type] = []
        var among = RootCommand.configuration.subcommands
        for word in words {
            guard let next = among.first(where: { $0.configuration.commandName == word }) else { break }
            found.append(next)
            among = next.configuration.subcommands
        }
        return found
    }
}

/// A command that only holds others: `users`, `hash`.
protocol SparekeyCommandGroup: ParsableCommand {
    static var help: String { get }
}
