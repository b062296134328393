import ArgumentParser
import Foundation
import Sparekey
import SparekeyInstance

/// The program: hardens itself, finds the command, runs it, and turns every error into words and an exit status.
@main
enum Main {
    static func main() async {
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
            print(RootCommand.help)
            exit(words.isEmpty ? ExitStatus.usage.rawValue : ExitStatus.done.rawValue)
        } catch {
            let message = RootCommand.message(for: error)
            end(
                with: CommandFailure(
                    .usage, message.prefix(1).lowercased() + message.dropFirst(),
                    hint: "\(HelpText.name(of: words)) --help shows what it takes"),
                output: output)
        }
    }

    private static func end(with error: any Error, output: Output) -> Never {
        if error is Declined { exit(ExitStatus.failed.rawValue) }
        let failure = FailureText(error)
        output.fail(failure)
        exit(failure.status.rawValue)
    }
}
