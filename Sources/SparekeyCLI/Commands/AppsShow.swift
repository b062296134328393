import ArgumentParser
import PasswordHashing
import Sparekey
import SparekeyApps
import SparekeyInstance

/// `sparekey apps show`.
struct AppsShow: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "show", helpNames: [])

    static let help = """
        sparekey apps show NAME: what a reset changes in a program, and what it does not do

        NAME is the profile's, or that of an app that is attached, as sparekey apps list shows
        them; of an app also what its labels are bound to. Nothing is opened, run or changed.

          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey apps show gitea
        """

    @OptionGroup var common: CommonOptions
    @Argument var name: String

    func run(_ session: Session) async throws {
        let app = try Instance.apps(session.options).first { $0.name == name }
        let profile = try Instance.profiles(session.options).named(app?.profile ?? name)
        guard !session.output.json else {
            return try session.output.answer(
                .object([
                    "profile": .object(profile.listing.merging(profile.details) { $1 }), "app": app?.document ?? .null,
                ]))
        }
        let description = ProfileDescription(profile)
        let origin = profile.origin == .shipped ? "" : ", from \(profile.origin.words)"
        try session.output.answer(description.title)
        for line in WrappedText("\(description.summary)\(origin)", indent: 2).lines { try session.output.answer(line) }
        for section in description.sections { try show(section.heading, section.lines, session.output) }
        if let app {
            let lines = ["database: \(app.place)"] + app.bindings(profile, showsWords: false)
            try show("What \(app.name) is bound to", lines, session.output)
        }
    }

    private func show(_ heading: String, _ lines: [String], _ output: Output) throws {
        try output.answer("")
        try output.answer("\(heading):")
        for line in lines.flatMap({ WrappedText("  - \($0)", indent: 4).lines }) { try output.answer(line) }
    }
}

extension Profile {
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
