import Sparekey
import StrictYAML

/// Where the setting `database` is said, and saying something else there.
struct DatabaseSetting {
    let named: NamedInstance

    /// What became of it.
    enum Outcome: Equatable {
        /// The settings file in the data folder says it now.
        case written(String)
        /// It is said elsewhere; a sentence about what to set, without a password.
        case byHand(String)
    }

    /// Says `address` from now on, where that is the data folder's own settings file and nothing stronger overrides it.
    ///
    /// - Throws: ``InstanceError``; the file is whole then.
    func say(_ address: String, random: any RandomSource) throws -> Outcome {
        if let reason = elsewhere(address) { return .byHand(reason) }
        let path = named.settingsFile
        do {
            try SettingsFile(path: path, trustedOwners: named.trustedOwners).edit(random: random) {
                try splice(address, into: $0, path)
            }
            return .written(path)
        } catch let error as InstanceError where error.code == .badSettings {
            return .byHand("in \(path): database: \(ProgramLocation.shown(address))")
        }
    }

    private func elsewhere(_ address: String) -> String? {
        let shown = ProgramLocation.shown(address)
        switch named.settings.source(of: "database") {
        case .commandLine: return "--database \(shown), or in \(named.settingsFile): database: \(shown)"
        case .variable(let name): return "\(name)=\(shown)"
        case .file(let path, let line) where !named.keepsSettingsInFolder:
            return "in \(path) line \(line): database: \(shown)"
        case .fallback where !named.keepsSettingsInFolder: return "in \(named.settingsFile): database: \(shown)"
        case .file, .fallback: break
        }
        // Others may read that file, and are not to read a password there.
        guard shown != address, ReplacedFile(path: named.settingsFile).state().map({ $0.mode & 0o077 != 0 }) == true
        else { return nil }
        return "in \(named.settingsFile), which others can read: database: \(shown), and a database_password_file"
    }

    /// The line is replaced, or a new one comes first; everything else in the file is as it was.
    private func splice(_ address: String, into text: String, _ path: String) throws -> String {
        let line = "database: " + SettingsSplice.scalar(address)
        let before = try SettingsDocument(yaml: text, path: path)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let entry = before.entries.first(where: { $0.key == "database" }) {
            guard lines.indices.contains(entry.line - 1), lines[entry.line - 1].hasPrefix("database:") else {
                throw unclear(path)
            }
            lines[entry.line - 1] = line
        } else {
            lines.insert(line, at: lines.first == "---" ? 1 : 0)
        }
        let spliced = lines.joined(separator: "\n")
        let after = try SettingsDocument(yaml: spliced, path: path)
        let others = [before, after].map { document in
            document.entries.filter { $0.key != "database" }.map { "\($0.key)\u{0}\($0.text ?? "")" }
        }
        guard others[0] == others[1], after.entries.first(where: { $0.key == "database" })?.text == address else {
            throw unclear(path)
        }
        return spliced.hasSuffix("\n") ? spliced : spliced + "\n"
    }

    private func unclear(_ path: String) -> InstanceError {
        InstanceError(.badSettings, reason: "\(path): the setting database does not stand in a line of its own")
    }
}

extension ProgramLocation {
    /// An address of a server as messages show it, without its password; a path as it is.
    static func shown(_ address: String) -> String {
        (try? DatabaseLocation(address, source: .commandLine)).map { location in
            switch location {
            case .sqlite(let path): path
            case .postgreSQL(let url): ProgramLocation.postgreSQL(url: url).reference
            }
        } ?? ""
    }
}
