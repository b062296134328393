import ArgumentParser
import Foundation
import Sparekey
import SparekeyInstance

/// The options that mean the same in every command.
struct CommonOptions: ParsableArguments {
    @Option(completion: .directory) var data: String?
    @Option(completion: .file()) var config: String?
    @Option(completion: .file()) var database: String?
    @Flag var json = false
    @Flag var quiet = false
    @Flag var noColor = false
    /// Answered before anything is parsed; here for `sparekey completions`.
    @Flag var help = false
}

extension CommonOptions {
    /// A command to type next: about the same instance, and with `--database` about the same database. A password in the
    /// address is left out: what is shown here is kept by terminals and logs (SEC-8).
    func command(_ words: String, withDatabase: Bool) -> String {
        let address = withDatabase ? database.map(InstanceOptions.withoutPassword) : nil
        let options = [("--data", data), ("--config", config), ("--database", address)]
        let named = options.compactMap { name, value in
            value.map { " \(name) \(DisplayText($0, limit: 4_096).text.quotedForShell)" }
        }
        return "sparekey \(words)\(named.joined())"
    }
}

/// One run of a command: its words, its output, who runs it, and the instance it opened.
final class Session {
    let caller: Caller
    let environment: [String: String]
    let output: Output
    let common: CommonOptions
    private var instance: Instance?

    init(caller: Caller, environment: [String: String], output: Output, common: CommonOptions) {
        self.caller = caller
        self.environment = environment
        self.output = output
        self.common = common
    }

    /// The settings in force, without opening anything else.
    func settings() throws -> Settings {
        try Instance.settings(options)
    }

    /// Opens the instance that the options, the environment and the settings name.
    ///
    /// - Parameter mayCreate: whether an empty or missing database becomes Sparekey's (RST-3).
    func open(mayCreate: Bool = false) async throws -> Instance {
        try keep(try await Instance.open(options, mayCreate: mayCreate))
    }

    /// Opens own records for a reset in a program whose database `--database` names; they are made where there are none.
    ///
    /// - Parameter program: that database: what was cut off there is settled first.
    func openBesideProgram(_ program: ProgramAddress? = nil) async throws -> Instance {
        try keep(try await Instance.open(options.forProgram, mayCreate: true, keepsUser: true, known: program))
    }

    /// Settles what a crash has left in programs' databases; only where there are own records.
    func settlePrograms() async throws {
        await (try await Instance.open(options.forProgram, mayCreate: false, keepsUser: true)).close()
    }

    /// Runs what writes a password, or puts one back. Who presses Ctrl-C meanwhile is told that it may be done, and where to
    /// look.
    ///
    /// - Parameters:
    ///   - look: the words of the command that tells.
    ///   - inProgram: whether `--database` is the program's, and not of what tells.
    func writing<Value>(
        look: String, inProgram: Bool = false, _ body: () async throws -> Value
    ) async rethrows -> Value {
        let failure = CommandFailure(
            .interrupted, "interrupted while the password was being written: the old one works, or the new one",
            hint:
                "\(common.command(look, withDatabase: !inProgram)) shows which; if nobody knows that one, reset it again"
        )
        // On a terminal ^C stands in front.
        let start = isatty(STDERR_FILENO) == 1 ? "\n" : ""
        let lines = output.lines(of: FailureText(failure)).map { $0 + "\n" }
        return try await WritingSignals.saying(start + lines.joined(), body)
    }

    private func keep(_ instance: Instance) throws -> Instance {
        self.instance = instance
        for warning in instance.warnings { output.warn(warning) }
        return instance
    }

    /// What names the instance.
    var options: InstanceOptions {
        InstanceOptions(
            data: common.data, config: common.config, database: common.database, environment: environment)
    }

    /// Closes what was opened, so that SQLite folds its write-ahead log, and with it replaced hashes, away.
    func close() async {
        await instance?.close()
        instance = nil
    }

    var actor: Actor {
        Actor(
            realUserID: caller.realUser, loginUserID: caller.loginUser, userName: caller.userName,
            claimedUser: caller.claimedSudoUser?.text)
    }
}

/// A command of the program. Its help is written by hand, fits one screen and ends in a real example; a test holds it
/// against the options that the parser takes.
protocol SparekeyCommand: ParsableCommand {
    static var help: String { get }
    var common: CommonOptions { get }

    func run(_ session: Session) async throws
}
