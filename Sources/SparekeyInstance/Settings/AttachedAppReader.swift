import SparekeyApps
import StrictYAML

/// An app of the settings file, and how its settings are listed.
struct ListedApp: Sendable {
    let app: AttachedApp
    let listing: [Settings.Listed]
}

/// Reads the section `apps` of a settings file: each key known, each value of its kind, each fault with its line.
struct AttachedAppReader {
    /// The settings file, for messages.
    let path: String

    static let keys = ["profile", "database", "password_file", "secrets", "hooks", "login"]
    /// More than anybody attaches.
    private static let most = 200

    /// - Throws: ``InstanceError`` `badSettings`, which never repeats a value.
    func apps(_ value: YAMLValue) throws -> [ListedApp] {
        // What remains of the section when all lines of it are commented out.
        if case .scalar(let scalar) = value, scalar.isNull { return [] }
        let members = try mapping(value, "apps")
        guard members.count <= Self.most else { throw fault("apps", "more than \(Self.most) apps", value.line) }
        return try members.map(app)
    }

    private func app(_ member: YAMLMember) throws -> ListedApp {
        let key = "apps.\(printable(member.key))"
        guard AttachedApp.isName(member.key) else {
            throw fault(key, "expected a name of 1 to 32 lower-case letters, digits and dashes", member.line)
        }
        guard member.key != AttachedApp.takenName else {
            throw fault(key, "expected another name: a page of Sparekey's own has that address", member.line)
        }
        let values = try mapping(member.value, key, allowing: Self.keys)
        let (profile, database) = (try required("profile", values, member), try required("database", values, member))
        guard AttachedApp.isReference(profile.text) else {
            throw fault("\(key).profile", "expected the name of a profile, as in gitea", profile.line)
        }
        let app = AttachedApp(
            name: member.key, profile: profile.text, database: try address(database, "\(key).database"),
            passwordFile: try optional("password_file", values, key).map { try path($0, "\(key).password_file") },
            secrets: try bindings("secrets", values, key, secret), hooks: try bindings("hooks", values, key, hook),
            login: try optional("login", values, key).map { try webAddress($0, "\(key).login") })
        return ListedApp(app: app, listing: listing(app, values))
    }

    private func listing(_ app: AttachedApp, _ values: [YAMLMember]) -> [Settings.Listed] {
        app.shownSettings.map { key, value in
            let section = key.split(separator: ".").first.map(String.init)
            let line = values.first { $0.key == section }?.line ?? 0
            return Settings.Listed(
                key: "apps.\(app.name).\(key)", value: value, source: .file(path: path, line: line))
        }
    }
}

// Values of one kind.
extension AttachedAppReader {
    private func address(_ scalar: YAMLScalar, _ key: String) throws -> String {
        guard SettingKind.address.value(of: scalar.text, inFile: true) != nil else {
            throw fault(key, "expected a path, postgres://USER@HOST/NAME or mysql://USER@HOST/NAME", scalar.line)
        }
        let location = try ProgramLocation(scalar.text, source: .file(path: path, line: scalar.line))
        if case .sqlite(let path) = location, !path.hasPrefix("/") {
            throw fault(key, "expected an absolute path", scalar.line)
        }
        guard !location.holdsPassword else {
            throw fault(
                key, "expected an address without a password", scalar.line,
                hint: "put the password into a file of mode 0600 and name it with password_file; or use .pgpass, my.cnf"
            )
        }
        return scalar.text
    }

    private func path(_ scalar: YAMLScalar, _ key: String) throws -> String {
        guard SettingKind.path.value(of: scalar.text, inFile: true) != nil else {
            throw fault(key, "expected \(SettingKind.path.expected(inFile: true))", scalar.line)
        }
        return scalar.text
    }

    private func webAddress(_ scalar: YAMLScalar, _ key: String) throws -> String {
        guard SettingKind.serverAddress.value(of: scalar.text, inFile: true) != nil else {
            throw fault(key, "expected \(SettingKind.serverAddress.expected(inFile: true))", scalar.line)
        }
        return scalar.text
    }

    private func bindings<Bound>(
        _ name: String, _ values: [YAMLMember], _ key: String, _ read: ([YAMLMember], String, Int) throws -> Bound
    ) throws -> [String: Bound] {
        guard let section = values.first(where: { $0.key == name }) else { return [:] }
        if case .scalar(let scalar) = section.value, scalar.isNull { return [:] }
        var found: [String: Bound] = [:]
        for label in try mapping(section.value, "\(key).\(name)") {
            let key = "\(key).\(name).\(printable(label.key))"
            guard AttachedApp.isName(label.key) else {
                throw fault(key, "expected a label of 1 to 32 lower-case letters, digits and dashes", label.line)
            }
            found[label.key] = try read(try mapping(label.value, key), key, label.line)
        }
        return found
    }

    private func secret(_ members: [YAMLMember], _ key: String, _ line: Int) throws -> AttachedApp.Secret {
        let member = try only(["file", "variable"], members, key, line)
        let scalar = try scalar(member.value, "\(key).\(member.key)")
        if member.key == "file" { return .file(try path(scalar, "\(key).file")) }
        guard AttachedApp.Secret.isVariable(scalar.text) else {
            throw fault("\(key).variable", "expected the name of a variable, as in JWT_SECRET", scalar.line)
        }
        return .variable(scalar.text)
    }

    private func hook(_ members: [YAMLMember], _ key: String, _ line: Int) throws -> AttachedApp.Hook {
        let member = try only(["url", "argv"], members, key, line)
        if member.key == "url" { return .url(try webAddress(scalar(member.value, "\(key).url"), "\(key).url")) }
        guard case .list(let values, _) = member.value, (1...64).contains(values.count) else {
            throw fault("\(key).argv", "expected a list of 1 to 64 words", member.line)
        }
        let words = try values.map { value in
            let scalar = try scalar(value, "\(key).argv")
            guard SettingKind.address.value(of: scalar.text, inFile: true) != nil else {
                throw fault("\(key).argv", "expected printable words", scalar.line)
            }
            return scalar.text
        }
        guard words.first?.hasPrefix("/") == true else {
            throw fault(
                "\(key).argv", "expected an absolute path as the first word: no shell looks for it", member.line)
        }
        return .command(words)
    }
}

// Shapes.
extension AttachedAppReader {
    private func mapping(_ value: YAMLValue, _ key: String, allowing names: [String]? = nil) throws -> [YAMLMember] {
        guard case .mapping(let members, _) = value else {
            throw fault(key, "expected keys and values", value.line)
        }
        if let names { try refuseOthers(than: names, members, key) }
        return members
    }

    private func refuseOthers(than names: [String], _ members: [YAMLMember], _ key: String) throws {
        guard let other = members.first(where: { !names.contains($0.key) }) else { return }
        throw InstanceError(
            .badSettings, reason: "\(place(other.line))there is no setting \(key).\(printable(other.key))",
            hint: "the nearest one is \(nearestName(to: other.key, among: names) ?? "")")
    }

    private func only(
        _ names: [String], _ members: [YAMLMember], _ key: String, _ line: Int
    ) throws -> YAMLMember {
        try refuseOthers(than: names, members, key)
        guard members.count == 1, let member = members.first else {
            throw fault(key, "expected either \(names.joined(separator: " or "))", line)
        }
        return member
    }

    private func scalar(_ value: YAMLValue, _ key: String) throws -> YAMLScalar {
        guard case .scalar(let scalar) = value, !scalar.isNull else {
            throw fault(key, "expected one value", value.line)
        }
        return scalar
    }

    private func optional(_ name: String, _ values: [YAMLMember], _ key: String) throws -> YAMLScalar? {
        try values.first { $0.key == name }.map { try scalar($0.value, "\(key).\(name)") }
    }

    private func required(_ name: String, _ values: [YAMLMember], _ member: YAMLMember) throws -> YAMLScalar {
        let key = "apps.\(member.key)"
        guard let scalar = try optional(name, values, key) else {
            throw fault("\(key).\(name)", "is missing; expected one value", member.line)
        }
        return scalar
    }

    private func place(_ line: Int) -> String { SettingSource.file(path: path, line: line).place }

    private func fault(_ key: String, _ what: String, _ line: Int, hint: String? = nil) -> InstanceError {
        InstanceError(
            .badSettings, reason: "\(place(line))\(key): \(what)",
            hint: hint ?? "correct it there; Docs/settings.md shows an app with everything; nothing was changed")
    }
}
