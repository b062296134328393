import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey serve`: the API, until a signal ends it.
struct ServeCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "serve", helpNames: [])

    static let help = """
        sparekey serve: run the server, until SIGTERM or Ctrl-C

        It listens where the setting listen says (127.0.0.1:8080), and on sparekey.sock in
        the data folder for this command line. Structured logs go to standard error, one
        line of JSON each; reset codes go to standard output, and so does a one-time set-up
        link while there has never been an account.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: SPAREKEY_LISTEN=127.0.0.1:8081 sparekey serve
        """

    @OptionGroup var common: CommonOptions

    func run(_ session: Session) async throws {
        let instance = try await session.open(mayCreate: true)
        if try await instance.register.count(upTo: 1) == 0 {
            session.output.report("No account exists yet. In another terminal: sparekey setup")
        }
        try await instance.serve()
    }
}
