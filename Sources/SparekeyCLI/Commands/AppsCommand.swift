import ArgumentParser
import SparekeyApps
import SparekeyInstance

/// `sparekey apps`: other programs, and what Sparekey knows of them.
struct AppsCommand: SparekeyCommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "apps",
        subcommands: [
            AppsList.self, AppsShow.self, AppsCheck.self, AppsScan.self, AppsDetect.self, AppsAdd.self, AppsRemove.self,
        ], helpNames: [])

    static let help = """
        sparekey apps: other programs, and what Sparekey knows of them

          sparekey apps list         the programs that are attached, and those it has a profile of
          sparekey apps show NAME    what a reset changes there, and what it does not do
          sparekey apps check [NAME] --database ADDRESS
                                     whose database it is, and whether it fits
          sparekey apps scan         the programs' databases on this machine
          sparekey apps detect ADDRESS
                                     a profile for a program that there is none of
          sparekey apps add NAME     attach a program under a name
          sparekey apps remove NAME  take the name away again

        A profile of your own is a file NAME.yaml in the folder profiles of the data folder or of
        /etc/sparekey; it takes the place of a shipped one of that name.

        Example: sparekey apps show gitea
        """
}

/// `sparekey apps list`.
struct AppsList: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "list", helpNames: [])

    static let help = """
        sparekey apps list: the programs that are attached, and those it has a profile of

        What is attached stands below the profiles, with the address of its database. Nothing
        is opened: sparekey apps check NAME says whether it can be reached and still fits.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps list
        """

    @OptionGroup var common: CommonOptions

    func run(_ session: Session) async throws {
        let profiles = try Instance.profiles(session.options).profiles()
        let apps = try Instance.apps(session.options)
        guard !session.output.json else {
            return try session.output.answer(
                .object([
                    "profiles": .array(profiles.map { .object($0.listing) }), "apps": .array(apps.map(\.document)),
                ]))
        }
        let rows = profiles.map { profile in
            [profile.name, profile.title, profile.databases.map(\.words).joined(separator: ", "), profile.origin.words]
        }
        for line in Table(["NAME", "PROGRAM", "DATABASES", "FROM"], rows).lines { try session.output.answer(line) }
        try show(apps, profiles, session.output)
        session.output.advise("What a reset changes in one: sparekey apps show NAME")
    }
}

extension AppsList {
    private func show(_ apps: [AttachedApp], _ profiles: [Profile], _ output: Output) throws {
        guard !apps.isEmpty else { return }
        let rows = apps.map { app in
            let program =
                profiles.first { app.profile.split(separator: ":").first.map(String.init) == $0.name }?.title
                ?? "no profile \(app.profile)"
            return [app.name, program, app.place]
        }
        try output.answer("")
        for line in Table(["ATTACHED", "PROGRAM", "DATABASE"], rows, widest: 120).lines { try output.answer(line) }
    }
}

extension Profile.Origin {
    /// Where a person finds it.
    var words: String {
        switch self {
        case .shipped: "Sparekey"
        case .file(let path): path
        }
    }
}

extension Profile {
    /// What `apps list` and `apps show` say alike.
    var listing: [String: JSONValue] {
        var file: String?
        if case .file(let path) = origin { file = path }
        return [
            "name": .string(name), "title": .string(title), "versions": .string(versions),
            "databases": .array(databases.map { .string($0.rawValue) }), "file": .optional(file),
        ]
    }
}
