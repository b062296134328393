public import PasswordHashing
import StrictYAML

extension Profile {
    /// Reads a profile's document and checks everything in it that can be known without a database.
    ///
    /// - Parameters:
    ///   - yaml: at most 256 KiB, 64 levels deep, without anchors, aliases, tags or keys given twice.
    ///   - file: what errors call the document.
    /// - Throws: ``AppsError`` `badProfile`, which names file, line, key and what was expected.
    public init(
        yaml: String, file: String, origin: Origin, formats: CredentialFormats = .standard
    ) throws {
        do {
            guard let root = try YAMLValue.read(yaml) else {
                throw ProfileFault(1, "", "expected a profile, found nothing")
            }
            self = try ProfileReader(formats: formats).profile(root, origin: origin)
        } catch let fault as YAMLFault {
            throw AppsError(file, line: fault.line, fault.what)
        } catch let fault as ProfileFault {
            throw AppsError(file, line: fault.line, fault.key.isEmpty ? fault.what : "\(fault.key): \(fault.what)")
        }
    }
}

extension AppsError {
    fileprivate init(_ file: String, line: Int, _ what: String) {
        self.init(
            .badProfile, reason: line == 0 ? "\(file): \(what)" : "\(file) line \(line): \(what)",
            hint: "nothing was changed; Docs/profiles/README.md lists every key of a profile")
    }
}

/// What is wrong at one key of a document.
struct ProfileFault: Error {
    let line: Int
    /// The way to it, dotted.
    let key: String
    let what: String

    init(_ line: Int, _ key: String, _ what: String) {
        self.line = line
        self.key = key
        self.what = what
    }
}

/// Builds the values of a profile from a document, outermost first.
struct ProfileReader {
    let formats: CredentialFormats

    func profile(_ root: YAMLValue, origin: Profile.Origin) throws -> Profile {
        let top = try ProfileMapping(root, key: "")
        guard top.has("prefix") else {
            guard let line = root.firstPrefixedLine else { return try profile(root, origin, nil) }
            throw ProfileFault(line, "prefix", "is missing; expected what \(TablePrefix.placeholder) stands for")
        }
        let usual = try top.scalar("prefix")
        let fault = { (what: String) in ProfileFault(usual.line, "prefix", what) }
        guard TablePrefix.isPrefix(usual.text) else {
            throw fault("expected at most 24 letters, digits and underscores")
        }
        let (probe, mark) = (try profile(root, origin, usual: usual.text, text: Self.probe, isChosen: true), Self.probe)
        if let other = probe.tablesNamed.union(probe.marks).sorted().first(where: { !$0.hasPrefix(mark) }) {
            throw fault("expected every table to begin with \(TablePrefix.placeholder), and \(other) does not")
        }
        return try profile(root, origin, usual: usual.text, text: usual.text, isChosen: false)
    }

    /// No program's tables begin so.
    private static let probe = "zq9_sparekey_probe_"

    private func profile(
        _ root: YAMLValue, _ origin: Profile.Origin, usual: String, text: String, isChosen: Bool
    ) throws -> Profile {
        let prefix = TablePrefix(usual: usual, text: text, isChosen: isChosen) {
            try profile(root, origin, usual: usual, text: $0, isChosen: true)
        }
        return try profile(root.prefixed(text), origin, prefix)
    }

    private func profile(_ root: YAMLValue, _ origin: Profile.Origin, _ prefix: TablePrefix?) throws -> Profile {
        let top = try ProfileMapping(root, key: "")
        try top.allow(
            "profile", "title", "versions", "home", "written_from", "databases", "usual_places", "container", "prefix",
            "marks", "accounts",
            "policy", "secrets", "hooks", "login", "refuse", "afterwards", "limits")
        let secrets = try labels(top, "secrets")
        let refusal = try top.mapping("refuse").map(refusal)
        let accounts = try places(top, secrets: secrets, isRefused: refusal != nil)
        let databases = try top.choices("databases", Profile.DatabaseKind.self)
        try checkFile(top, accounts, databases)
        return Profile(
            name: try name(top), title: try top.sentence("title"), versions: try top.sentence("versions"),
            home: try top.optionalSentence("home"), sources: try sources(top),
            databases: databases,
            usualPlaces: try top.sentences("usual_places"),
            container: try top.mapping("container").map(hints) ?? .unknown, prefix: prefix,
            marks: try top.identifiers("marks"),
            accounts: accounts,
            policy: try top.mapping("policy").map(policy) ?? ProgramPolicy(), secrets: secrets,
            hooks: try top.mappings("hooks").map { try HookReader.hook($0, secrets: secrets) },
            signIn: try top.mapping("login").map(HookReader.signIn), refusal: refusal,
            afterwards: try top.sentences("afterwards"),
            limits: try top.sentences("limits"), origin: origin)
    }

    private func name(_ top: ProfileMapping) throws -> String {
        let scalar = try top.scalar("profile")
        guard Self.isName(scalar.text) else {
            throw top.fault("profile", "expected 1 to 32 lower-case letters, digits and dashes", scalar.line)
        }
        return scalar.text
    }

    static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }

    private func sources(_ top: ProfileMapping) throws -> [Profile.Source] {
        let sources = try top.mappings("written_from").map { source in
            try source.allow("source", "commit", "files")
            let commit = try source.optionalSentence("commit")
            guard commit?.allSatisfy(\.isHexDigit) != false else {
                throw source.fault("commit", "expected a commit's hexadecimal digits", try source.scalar("commit").line)
            }
            return Profile.Source(
                name: try source.sentence("source"), commit: commit, files: try source.sentences("files"))
        }
        guard !sources.isEmpty else {
            throw top.fault("written_from", "expected at least one source that the profile was written from", top.line)
        }
        return sources
    }

    private func places(_ top: ProfileMapping, secrets: [Label], isRefused: Bool) throws -> [AccountPlace] {
        let reader = AccountPlaceReader(credentials: CredentialReader(formats: formats, secrets: secrets))
        let places = try top.mappings("accounts").map(reader.place)
        guard places.isEmpty == isRefused else {
            let expected = isRefused ? "expected none beside refuse" : "expected at least one place where accounts live"
            throw top.fault("accounts", expected, top.line)
        }
        return places
    }

    /// A file is a program's one place, and no database has one.
    private func checkFile(
        _ top: ProfileMapping, _ accounts: [AccountPlace], _ databases: [Profile.DatabaseKind]
    ) throws {
        let files = accounts.filter { if case .file = $0.store { true } else { false } }
        guard !files.isEmpty || databases.contains(.file) && !accounts.isEmpty else { return }
        guard databases == [.file], files.count == 1, accounts.count == 1 else {
            throw top.fault("accounts", "expected one place, a file, and databases: [file]; or neither", top.line)
        }
    }

    private func policy(_ mapping: ProfileMapping) throws -> ProgramPolicy {
        try mapping.allow("min_length", "max_length", "classes")
        let classes = try mapping.number("classes", 0...4) ?? 0
        guard [0, 4].contains(classes) else {
            throw mapping.fault("classes", "expected 0 or 4", try mapping.scalar("classes").line)
        }
        return ProgramPolicy(
            minimumLength: try mapping.number("min_length", 0...64) ?? 0,
            maximumLength: try mapping.number("max_length", 8...1024), classes: classes)
    }

    private func labels(_ top: ProfileMapping, _ key: String) throws -> [Label] {
        try top.mappings(key).map { label in
            try label.allow("label", "what", "without")
            return Label(
                name: try Self.label(label), what: try label.sentence("what"), without: try label.sentence("without"))
        }
    }

    static func label(_ mapping: ProfileMapping) throws -> String {
        let name = try mapping.scalar("label")
        guard isName(name.text) else {
            throw mapping.fault("label", "expected 1 to 32 lower-case letters, digits and dashes", name.line)
        }
        return name.text
    }

    private func refusal(_ mapping: ProfileMapping) throws -> Refusal {
        try mapping.allow("reason", "way_out")
        return Refusal(reason: try mapping.sentence("reason"), wayOut: try mapping.sentence("way_out"))
    }
}
