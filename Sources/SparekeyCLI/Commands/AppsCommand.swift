import ArgumentParser
import PasswordHashing
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
        let profiles = try Instance.profiles(session.options).profiles
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
            let program = profiles.first { $0.name == app.profile }?.title ?? "no profile \(app.profile)"
            return [app.name, program, app.place]
        }
        try output.answer("")
        for line in Table(["ATTACHED", "PROGRAM", "DATABASE"], rows, widest: 120).lines { try output.answer(line) }
    }
}

/// `sparekey apps show`.
struct AppsShow: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "show", helpNames: [])

    static let help = """
        sparekey apps show NAME: what a reset changes in a program, and what it does not do

        NAME is the profile's, as sparekey apps list shows it. Nothing is opened or changed.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps show gitea
        """

    @OptionGroup var common: CommonOptions
    @Argument var name: String

    func run(_ session: Session) async throws {
        let profile = try Instance.profiles(session.options).named(name)
        guard !session.output.json else {
            return try session.output.answer(
                .object(["profile": .object(profile.listing.merging(profile.details) { $1 })]))
        }
        let description = ProfileDescription(profile)
        let origin = profile.origin == .shipped ? "" : ", from \(profile.origin.words)"
        try session.output.answer(description.title)
        for line in WrappedText("\(description.summary)\(origin)", indent: 2).lines { try session.output.answer(line) }
        for section in description.sections {
            try session.output.answer("")
            try session.output.answer("\(section.heading):")
            for line in section.lines.flatMap({ WrappedText("  - \($0)", indent: 4).lines }) {
                try session.output.answer(line)
            }
        }
    }
}

extension Profile.Origin {
    /// Where a person finds it.
    fileprivate var words: String {
        switch self {
        case .shipped: "Sparekey"
        case .file(let path): path
        }
    }
}

extension Profile {
    /// What `apps list` and `apps show` say alike.
    fileprivate var listing: [String: JSONValue] {
        var file: String?
        if case .file(let path) = origin { file = path }
        return [
            "name": .string(name), "title": .string(title), "versions": .string(versions),
            "databases": .array(databases.map { .string($0.rawValue) }), "file": .optional(file),
        ]
    }

    /// What `apps show` says beside it: the words of a person's answer, by heading.
    fileprivate var details: [String: JSONValue] {
        let sections = ProfileDescription(self).sections.map { section in
            JSONValue.object([
                "heading": .string(section.heading), "lines": .array(section.lines.map(JSONValue.string)),
            ])
        }
        let credentials = accounts.flatMap { place in
            place.credentials.map { credential in
                let names = credential.columns.map { ($0.key.rawValue, JSONValue.string($0.value.column)) }
                return JSONValue.object([
                    "name": .string(credential.name), "place": .string(place.store.words),
                    "columns": .object(Dictionary(uniqueKeysWithValues: names)),
                    "reads": .array(credential.reads.map(JSONValue.string)),
                    "writes": .array(credential.writes.map { .string($0.format) }),
                ])
            }
        }
        return [
            "home": .optional(home), "credentials": .array(credentials), "sections": .array(sections),
            "secrets": .array(secrets.map { .string($0.name) }), "hooks": .array(hooks.map { .string($0.name) }),
        ]
    }
}
