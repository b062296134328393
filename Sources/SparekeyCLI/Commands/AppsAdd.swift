import ArgumentParser
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey apps add`.
struct AppsAdd: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "add", helpNames: [])

    static let help = """
        sparekey apps add NAME: attach another program under a name

        Looks whose database it is, shows what would be kept, run and contacted, asks (y/n) in
        a terminal, and writes the entry apps.NAME into the settings file. In the program's
        database nothing changes. Say where that is in one of three ways:

          --database ADDRESS    a path, sqlite:///PATH, postgres://USER@HOST/NAME or mysql://…
          --container NAME      ask docker or podman where the container NAME keeps it
          --inspect FILE        what docker inspect wrote, or a compose file; - reads standard
                                input; of several in it --container says which
          --profile NAME        which program it is; default: what its tables say
          --password-file FILE  the database's password, first line; default: .pgpass, my.cnf
          --secret LABEL=FILE   what a label of the profile stands for; also LABEL=VARIABLE
          --hook LABEL=URL      whom a reset tells; also LABEL='/usr/bin/PROGRAM WORD…'
          --login URL           the program's sign-in page: https, or http on this machine
          --yes                 do not ask; needed without a terminal
          --data, --config, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps add git --database /mnt/gitea/gitea.db
        """

    @OptionGroup var common: CommonOptions
    @Argument var name: String
    @Option var container: String?
    @Option(completion: .file()) var inspect: String?
    @Option var profile: String?
    @Option(completion: .file()) var passwordFile: String?
    @Option var secret: [String] = []
    @Option var hook: [String] = []
    @Option var login: String?
    @Flag var yes = false

    func run(_ session: Session) async throws {
        let terminal = Terminal.open()
        guard yes || terminal != nil else {
            throw CommandFailure(.usage, "there is no terminal to ask in", hint: "--yes attaches without asking")
        }
        session.output.trail("Starting apps add")
        var proposal = try proposed(session)
        proposal.profile = profile ?? proposal.profile
        proposal.passwordFile = passwordFile ?? proposal.passwordFile
        proposal.secrets = try secrets()
        proposal.hooks = try hooks()
        proposal.login = try login.map(callable)
        let attachment = try await Instance.examine(proposal, session.options)
        if attachment.addressHeldPassword {
            session.output.warn(
                "the password in --database can be seen in the list of running programs; --password-file keeps it out")
        }
        for fault in attachment.faults { session.output.warn(fault) }
        if yes {
            for line in attachment.lines { session.output.advise(line) }
        } else if let terminal {
            try confirm(attachment, terminal)
        }
        try Instance.attach(attachment, session.options)
        session.output.trail("App attached: \(attachment.app.name) in \(attachment.settingsFile)")
        try answer(attachment, session.output)
    }

    private func proposed(_ session: Session) throws -> AppProposal {
        guard let address = common.database else { return try contained(session) }
        guard container == nil, inspect == nil else {
            throw CommandFailure(
                .usage, "the database is named twice", hint: "give --database alone, or the container that keeps it")
        }
        return AppProposal(name: name, address: address)
    }

    private func contained(_ session: Session) throws -> AppProposal {
        let found: ContainerProgram
        if let inspect {
            guard let text = SmallFile.text(inspect) else {
                throw CommandFailure(
                    .unavailable, "what --inspect names cannot be read, or is larger than 256 KiB of text",
                    hint: "docker inspect NAME writes what is needed; nothing was changed")
            }
            let folder =
                inspect == "-" ? nil : inspect.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            let path = folder.map { $0.isEmpty ? "." : $0 == [""] ? "/" : $0.joined(separator: "/") }
            found = try Instance.program(
                recordedIn: text, folder: path, container: container, profile: profile, session.options)
        } else if let container {
            found = try Instance.program(inContainer: container, profile: profile, session.options)
        } else {
            throw CommandFailure(
                .usage, "the program's database is not named",
                hint: "add --database ADDRESS, --container NAME or --inspect FILE; nothing is changed in it")
        }
        return AppProposal(name: name, found)
    }

    private func callable(_ url: String) throws -> String {
        guard AttachedApp.Hook.isURL(url) else {
            throw CommandFailure(
                .usage, "--login is no address that can be called",
                hint: "it is https://…, or http://… to this machine, without a user, query or fragment")
        }
        return url
    }

    private func confirm(_ attachment: AppAttachment, _ terminal: Terminal) throws {
        for line in attachment.lines { terminal.say(DisplayText(line, limit: 400).text) }
        guard try terminal.confirm("Attach it?") else {
            terminal.say("Nothing was changed.")
            throw Declined()
        }
    }

    private func answer(_ attachment: AppAttachment, _ output: Output) throws {
        let app = attachment.app
        guard !output.json else {
            return try output.answer(
                .object([
                    "app": app.document, "settingsFile": .string(DisplayText(attachment.settingsFile, limit: 400).text),
                    "warnings": .array(output.warnings.map(JSONValue.string)),
                ]))
        }
        try output.answer("Attached '\(app.name)': \(attachment.profile.title) in \(app.place)")
        output.advise("Whether it still fits: sparekey apps check \(app.name)")
    }
}

// What the options bind.
extension AppsAdd {
    private func secrets() throws -> [String: AttachedApp.Secret] {
        try bound(secret, "--secret") { value in
            if value.hasPrefix("/") { return .file(value) }
            return AttachedApp.Secret.isVariable(value) ? .variable(value) : nil
        }
    }

    private func hooks() throws -> [String: AttachedApp.Hook] {
        try bound(hook, "--hook") { value in
            let words = value.split(separator: " ").map(String.init)
            if value.hasPrefix("/") { return .command(words) }
            return AttachedApp.Hook.isURL(value) ? .url(value) : nil
        }
    }

    private func bound<Bound>(
        _ options: [String], _ option: String, _ read: (String) -> Bound?
    ) throws -> [String: Bound] {
        var found: [String: Bound] = [:]
        for text in options {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, AttachedApp.isName(parts[0]), found[parts[0]] == nil, let value = read(parts[1])
            else {
                throw CommandFailure(
                    .usage, "\(option) binds a label of the profile, once, to something behind an equals sign",
                    hint: "a path or variable; a command's whole path; https://, or http:// to this machine; "
                        + "sparekey apps show PROFILE lists the labels")
            }
            found[parts[0]] = value
        }
        return found
    }
}

extension AppAttachment {
    /// What an operator says yes to: where it is, what would be kept, run and contacted.
    fileprivate var lines: [String] {
        let survey = report.fitting.first { $0.profile.reference == profile.reference }?.surveys.first
        let accounts = survey.map {
            ["  accounts: \($0.isMore ? "more than " : "")\($0.accounts) in \($0.place)"]
        }
        let refusal = profile.refusal.map { ["  nothing can be reset there: \($0.reason); instead: \($0.wayOut)"] }
        return ["\(app.name): \(profile.title), by the profile \(profile.reference)", "  database: \(app.place)"]
            + (accounts ?? []) + (refusal ?? []) + notes.map { "  \($0)" } + bindings
            + ["  the entry apps.\(app.name) goes into \(settingsFile)"]
    }

    private var bindings: [String] {
        let kept = makesPasswordFile ? app.passwordFile.map { ["its password is kept in \($0), mode 0600"] } : nil
        let nothing =
            app.hooks.isEmpty && app.login == nil ? ["nothing is run, and nobody but the database is contacted"] : []
        let bound = app.bindings(profile, showsWords: true)
        return ((kept ?? []) + bound.dropFirst(kept == nil ? 0 : 1) + nothing).map { "  \($0)" }
    }
}

extension AttachedApp {
    /// As `apps list`, `apps add` and `apps remove` say it; the words of a hook's command but the first can be secrets.
    var document: JSONValue {
        let shown = Dictionary(
            uniqueKeysWithValues: shownSettings.map { ($0.key, DisplayText($0.value, limit: 400).text) })
        let bound = { (section: String, labels: [String]) in
            JSONValue.array(
                labels.sorted().map { label in
                    .object(["label": .string(label), "to": .optional(shown["\(section).\(label)"])])
                })
        }
        return .object([
            "name": .string(name), "profile": .string(profile), "database": .optional(shown["database"]),
            "passwordFile": .optional(shown["password_file"]), "login": .optional(shown["login"]),
            "secrets": bound("secrets", Array(secrets.keys)), "hooks": bound("hooks", Array(hooks.keys)),
        ])
    }
}
