import ArgumentParser
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey apps remove`.
struct AppsRemove: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "remove", helpNames: [])

    static let help = """
        sparekey apps remove NAME: detach a program

        Asks (y/n) in a terminal, and takes the entry apps.NAME out of the settings file, with
        the file that sparekey apps add made for the database's password. The program and its
        database are left alone, and everybody's password stays what it is.

          --yes             do not ask; needed without a terminal
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps remove git
        """

    @OptionGroup var common: CommonOptions
    @Argument var name: String
    @Flag var yes = false

    func run(_ session: Session) async throws {
        session.output.trail("Starting apps remove")
        let app = try Instance.app(name, session.options)
        try confirm(app)
        try Instance.detach(name, session.options)
        session.output.trail("App detached: \(app.name)")
        if session.output.json {
            try session.output.answer(.object(["removed": app.document]))
        } else {
            try session.output.answer("Detached '\(app.name)'; its database \(app.place) is as it was")
        }
    }

    private func confirm(_ app: AttachedApp) throws {
        guard !yes else { return }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(.usage, "there is no terminal to ask in", hint: "--yes removes without asking")
        }
        for (key, value) in app.shownSettings { terminal.say(DisplayText("  \(key): \(value)", limit: 400).text) }
        guard try terminal.confirm("Detach '\(app.name)'?") else {
            terminal.say("Nothing was changed.")
            throw Declined()
        }
    }
}
