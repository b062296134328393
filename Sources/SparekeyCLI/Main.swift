import ArgumentParser
import Foundation
import Sparekey
import SparekeyInstance

/// The program: hardens itself, finds the command, runs it, and turns every error into words and an exit status.
@main
enum Main {
    /// Waits on a plain thread while the program runs elsewhere. The runtime's own way of waiting half ends this thread; one
    /// that is ending is passed over by glibc when root is given up (SEC-16), and would stay root for good.
    static func main() {
        Task { @concurrent in await run() }
        // Signals are taken here: the pool's threads block them.
        while true { pause() }
    }

    private static func run() async {
        let words = CommandWords.all
        do {
            try ProcessHardening.apply()
        } catch {
            end(with: error, output: Output(json: false, quiet: false, noColor: false))
        }
        if let text = HelpText.asked(words) {
            print(text)
            exit(ExitStatus.done.rawValue)
        }
        if words.first == "--version" {
            print("sparekey \(Version.text)")
            exit(ExitStatus.done.rawValue)
        }
        let command = parse(words)
        let common = command.common
        let output = Output(json: common.json, quiet: common.quiet, noColor: common.noColor)
        let session = Session(
            caller: .current(), environment: ProcessInfo.processInfo.environment, output: output, common: common)
        do {
            try await command.run(session)
            await session.close()
            exit(ExitStatus.done.rawValue)
        } catch {
            await session.close()
            end(with: InstanceError.translated(error), output: output)
        }
    }

    /// Ends with 64 when the words are no command line of ours.
    private static func parse(_ words: [String]) -> any SparekeyCommand {
        let output = Output(json: words.contains("--json"), quiet: false, noColor: words.contains("--no-color"))
        do {
            if let command = try RootCommand.parseAsRoot(words) as? any SparekeyCommand { return command }
            // A group without a command, or nothing at all.
            print(HelpText.asked(words + ["--help"]) ?? RootCommand.help)
            exit(ExitStatus.usage.rawValue)
        } catch {
            end(with: usage(words, error), output: output)
        }
    }

    /// The parser's own message quotes the word it did not expect, and that can be half a password.
    private static func usage(_ words: [String], _ error: any Error) -> CommandFailure {
        let hint = "\(HelpText.name(of: words)) --help shows what it takes"
        guard words.first != "reset-password", words.first != "hash" else {
            return CommandFailure(
                .usage, "the words after \(HelpText.name(of: words)) are not all understood",
                hint: "\(hint); a password with spaces is quoted, one that begins with - comes after --")
        }
        if let word = HelpText.unknownCommand(in: words) {
            return CommandFailure(
                .usage, "there is no command '\(DisplayText(word, limit: 40).text)'",
                hint: "\(HelpText.name(of: words)) --help lists those that there are")
        }
        // The parser has options of its own, for dumps and scripts, whose answer would be shown as an error here.
        let isAnswer = RootCommand.exitCode(for: error) == .success
        let message = isAnswer ? "there is no option of that name" : RootCommand.message(for: error)
        return CommandFailure(.usage, message.prefix(1).lowercased() + message.dropFirst(), hint: hint)
    }

    private static func end(with error: any Error, output: Output) -> Never {
        if error is Declined { exit(ExitStatus.failed.rawValue) }
        let failure = FailureText(error)
        output.fail(failure)
        exit(failure.status.rawValue)
    }
}
