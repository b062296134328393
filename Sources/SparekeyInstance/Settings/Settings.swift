public import SparekeyApps
import StrictYAML

/// The settings in force: command line over variable over file over default, each value checked (interface.md, Settings).
///
/// Which settings exist, and all that is known about them, stands in `settingTable`.
public struct Settings: Sendable {
    struct Entry: Sendable {
        let text: String
        let value: SettingValue
        let source: SettingSource
    }

    /// One setting as `doctor` shows it. A secret's value is masked, an address shows no password.
    public struct Listed: Sendable, Hashable {
        public let key: String
        public let value: String
        public let source: SettingSource
    }

    /// The settings file that was read; nil when there was none.
    public let filePath: String?
    /// Lines for people about what was passed over: variables that look like ours and are not. Never with a value.
    public let warnings: [String]
    private var entries: [String: Entry] = [:]
    private let listedApps: [ListedApp]

    /// The programs that are attached, in the file's order. Only the file names them.
    public var apps: [AttachedApp] { listedApps.map(\.app) }

    /// Reads the file if there is one, checks every value in it even if another source overrides it, and resolves.
    ///
    /// - Throws: ``InstanceError`` `.badSettings` naming file, line and key (or the variable) and what was expected,
    ///   `.unsafeFile` for a file that others could have written, `.unavailable` for one that cannot be read.
    public static func load(_ sources: SettingsSources) throws -> Settings {
        let file = try readFile(sources)
        var settings = Settings(
            filePath: file?.path, warnings: unknownVariables(in: sources.environment), apps: file?.apps ?? [])
        for definition in settingTable {
            settings.entries[definition.key] = try entry(definition, sources: sources, file: file)
        }
        return settings
    }

    private init(filePath: String?, warnings: [String], apps: [ListedApp]) {
        self.filePath = filePath
        self.warnings = warnings
        listedApps = apps
    }

    /// Every setting in the table's order, and below them the apps'.
    public var listing: [Listed] {
        tableListing + listedApps.flatMap(\.listing)
    }

    private var tableListing: [Listed] {
        settingTable.map { definition in
            if let entry = entries[definition.key] {
                return Listed(key: definition.key, value: definition.masked(entry.text), source: entry.source)
            }
            let value =
                switch definition.fallback {
                case .text(let text): text
                case .unset(let words): words
                case .derived(let inForce): inForce(self)
                }
            return Listed(key: definition.key, value: value, source: .fallback)
        }
    }

    /// Where the value of `key` came from. `key` must be in the table.
    public func source(of key: String) -> SettingSource { entry(key)?.source ?? .fallback }

    /// nil when the setting has no value. A key that is not in the table is a bug and ends the program.
    func entry(_ key: String) -> Entry? {
        precondition(settingTable.contains { $0.key == key }, "no such setting: \(key)")
        return entries[key]
    }
}

extension Settings {
    private typealias File = (path: String, entries: [String: Entry], apps: [ListedApp])

    private static func readFile(_ sources: SettingsSources) throws -> File? {
        for path in sources.candidateFiles {
            let file = TrustedFile(kind: .settings, path: path, trustedOwners: sources.trustedOwners)
            guard let (yaml, isReadableByOthers) = try file.text() else { continue }
            var entries: [String: Entry] = [:]
            let document = try SettingsDocument(yaml: yaml, path: path)
            for found in document.entries {
                entries[found.key] = try entry(found, path: path)
                let isSecret = settingTable.contains { $0.key == found.key && $0.isSecret }
                guard !(isSecret && isReadableByOthers) else {
                    throw InstanceError(
                        .unsafeFile, reason: "\(path): the file holds \(found.key) and other users can read it",
                        hint: "close it: chmod go-r \(path); and choose another \(found.key)")
                }
            }
            return (path, entries, try document.apps.map(AttachedAppReader(path: path).apps) ?? [])
        }
        if let configFile = sources.configFile {
            throw InstanceError(.badSettings, reason: "\(configFile): there is no such settings file")
        }
        return nil
    }

    /// nil for an empty section, which is what remains when all lines of it are commented out.
    private static func entry(_ found: SettingsDocument.Entry, path: String) throws -> Entry? {
        let source = SettingSource.file(path: path, line: found.line)
        let isSection = settingTable.contains { $0.key.hasPrefix(found.key + ".") }
        if isSection && found.text == nil { return nil }
        guard let definition = settingTable.first(where: { $0.key == found.key }) else {
            throw unknownKey(found.key, at: source)
        }
        return try entry(definition, text: found.text ?? "", source: source)
    }

    private static func entry(
        _ definition: SettingDefinition, sources: SettingsSources, file: File?
    ) throws -> Entry? {
        if let text = sources.commandLine[definition.key] {
            return try entry(definition, text: text, source: .commandLine)
        }
        for name in definition.variables {
            // An empty variable is how compose files leave one out.
            guard let text = sources.environment[name], !text.isEmpty else { continue }
            return try entry(definition, text: text, source: .variable(name))
        }
        if let entry = file?.entries[definition.key] { return entry }
        guard case .text(let text) = definition.fallback else { return nil }
        return try entry(definition, text: text, source: .fallback)
    }

    private static func entry(
        _ definition: SettingDefinition, text: String, source: SettingSource
    ) throws -> Entry {
        let inFile = if case .file = source { true } else { false }
        guard let value = definition.kind.value(of: text, inFile: inFile) else {
            let expected = definition.kind.expected(inFile: inFile)
            throw InstanceError(
                .badSettings, reason: "\(source.place)\(definition.key): expected \(expected)",
                hint: "correct it there, or leave it out for the default; nothing was changed")
        }
        return Entry(text: text, value: value, source: source)
    }

    private static func unknownKey(_ key: String, at source: SettingSource) -> InstanceError {
        // Apps are one section, with names of their own in it.
        let nearest =
            key.hasPrefix("apps.") ? "apps" : nearestName(to: key, among: settingTable.map(\.key) + ["apps"]) ?? ""
        return InstanceError(
            .badSettings, reason: "\(source.place)there is no setting \(printable(key))",
            hint: "the nearest one is \(nearest)")
    }

    private static func unknownVariables(in environment: [String: String]) -> [String] {
        let known = settingTable.flatMap(\.variables)
        let strange = environment.keys.filter { $0.hasPrefix("SPAREKEY_") && !known.contains($0) }.sorted()
        return strange.prefix(8).map { name in
            let nearest = nearestName(to: name, among: known.filter { $0.hasPrefix("SPAREKEY_") }) ?? ""
            return "the variable \(printable(name)) is unknown and has no effect; the nearest one is \(nearest)"
        }
    }
}

extension Settings: CustomStringConvertible, CustomReflectable {
    /// The file's path only: an address may hold a password, and what is printed by accident must not (SEC-8).
    public var description: String { "settings from \(filePath ?? "defaults and variables")" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
