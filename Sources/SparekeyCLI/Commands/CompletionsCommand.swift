import ArgumentParser

/// `sparekey completions`: what a shell offers when somebody presses TAB; no instance is opened.
struct CompletionsCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "completions", helpNames: [])

    static let help = """
        sparekey completions bash|zsh|fish: what TAB offers in your shell

        Prints a script on stdout, for this version of sparekey. It offers commands,
        options and files; never the name of an account. To keep it, put it into

          bash: ~/.local/share/bash-completion/completions/sparekey
          zsh:  _sparekey in a folder of $fpath, before compinit runs
          fish: ~/.config/fish/completions/sparekey.fish

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: source <(sparekey completions bash)
        """

    @OptionGroup var common: CommonOptions
    @Argument(completion: .list(CompletionShell.allCases.map(\.rawValue))) var shell: String

    func run(_ session: Session) async throws {
        guard let known = CompletionShell.allCases.first(where: { $0.rawValue == shell }) else {
            let names = CompletionShell.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(.usage, "there are no completions for a shell of that name", hint: "one of \(names)")
        }
        let script = Self.script(for: known)
        guard !session.output.json else {
            return try session.output.answer(.object(["shell": .string(shell), "script": .string(script)]))
        }
        try session.output.answer(script: script)
    }

    /// As the argument parser makes it. In its script for zsh an argument that nothing can be offered for is a message, and
    /// beside a message zsh does not insert even an option's only completion: there such an argument does nothing instead.
    private static func script(for shell: CompletionShell) -> String {
        let script = RootCommand.completionScript(for: shell)
        guard shell == .zsh else { return script }
        return script.replacing(/(?m)^( *':[a-z-]+:)'$/) { "\($0.output.1){:}'" }
    }
}
