import Glibc
public import Sparekey
import SparekeyApps

extension Instance {
    /// Looks whether what is proposed can be attached: the name is free, the database is there and fits one profile, and
    /// the profile has every label that is bound. Changes nothing.
    ///
    /// - Throws: ``InstanceError``, `misfit` or `severalFit` among them; ``RecoveryError`` `taken` for a name in use.
    public static func examine(_ proposal: AppProposal, _ options: InstanceOptions) async throws -> AppAttachment {
        let named = try NamedInstance(options.forProgram)
        try refuseName(proposal.name, named.settings.apps)
        let split = try SplitAddress(proposal.address)
        do {
            let shelf = try profiles(options.forProgram)
            let wanted = try proposal.profile.map { [try shelf.meant(by: $0)] } ?? shelf.profiles()
            let location = try ProgramLocation(split.address)
            let given = try proposal.passwordFile.map {
                try PasswordFile(setting: "--password-file", path: $0).password()
            }
            let password = split.password ?? proposal.password
            let report = try await check(location, password: given ?? password, against: wanted)
            let profile = try chosen(report, proposal)
            let keepsPassword = given == nil && password != nil
            let passwordFile = keepsPassword ? named.passwordFile(of: proposal.name) : proposal.passwordFile
            let app = AttachedApp(
                name: proposal.name, profile: profile.reference, database: location.absolute,
                passwordFile: passwordFile.map(absolutePath),
                secrets: proposal.secrets, hooks: proposal.hooks, login: proposal.login)
            try refuseUnknownLabels(app, profile)
            let bindings = AppBindings(app, named.settings, environment: options.environment)
            try refuseUnsafeCommands(bindings)
            return AppAttachment(
                app: app, profile: profile, report: report, settingsFile: named.settingsFile,
                password: keepsPassword ? password : nil, notes: proposal.notes, faults: bindings.faults(profile),
                addressHeldPassword: split.password != nil)
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// Writes the entry into the settings file, and the database's password into a file of its own. As root it first becomes
    /// the data folder's owner, where the settings lie in that folder (SEC-16).
    ///
    /// - Throws: ``InstanceError``; nothing has been changed then.
    public static func attach(
        _ attachment: AppAttachment, _ options: InstanceOptions, random: any RandomSource = SystemRandomSource()
    ) throws {
        let named = try NamedInstance(options.forProgram)
        let owner = named.isFolderNeeded(attachment) ? try named.folder.open(mayCreate: true) : nil
        if named.keepsSettingsInFolder { try owner?.become() }
        try named.keepPassword(of: attachment, owner: owner, random: random)
        do {
            try SettingsFile(path: attachment.settingsFile, trustedOwners: named.trustedOwners).edit(random: random) {
                let splice = SettingsSplice(path: attachment.settingsFile)
                try refuseName(attachment.app.name, splice.apps(in: $0))
                return try splice.adding(attachment.app, to: $0)
            }
        } catch {
            if attachment.makesPasswordFile, let file = attachment.app.passwordFile { unlink(file) }
            throw error
        }
    }

    /// Takes the entry out of the settings file, and the file with the password that ``attach(_:_:random:)`` made. The
    /// program and its database are not asked.
    ///
    /// - Throws: ``InstanceError``; nothing has been changed then.
    public static func detach(
        _ name: String, _ options: InstanceOptions, random: any RandomSource = SystemRandomSource()
    ) throws {
        let named = try NamedInstance(options.forProgram)
        let app = try named.settings.apps.named(name)
        if named.keepsSettingsInFolder { try named.folder.open(mayCreate: false).become() }
        let path = named.settingsFile
        try SettingsFile(path: path, trustedOwners: named.trustedOwners).edit(random: random) {
            try SettingsSplice(path: path).removing(name, from: $0)
        }
        let made = named.passwordFile(of: name)
        if app.passwordFile == made { unlink(made) }
    }

    private static func refuseName(_ name: String, _ apps: [AttachedApp]) throws {
        guard AttachedApp.isName(name) else {
            throw RecoveryError(
                .malformed, reason: "an app is not called so",
                hint: "choose a name of 1 to 32 lower-case letters, digits and dashes; nothing was changed")
        }
        guard name != AttachedApp.takenName else {
            throw RecoveryError(
                .taken, reason: "no app is called \(name): a page of Sparekey's own has that address",
                hint: "choose another name; nothing was changed")
        }
        guard !apps.contains(where: { $0.name == name }) else {
            throw RecoveryError(
                .taken, reason: "an app '\(name)' is attached already",
                hint: "choose another name, or take it away first: sparekey apps remove \(name); nothing was changed")
        }
    }

    private static func chosen(_ report: CheckProgram.Report, _ proposal: AppProposal) throws -> Profile {
        let fitting = report.fitting.map(\.profile)
        let likely = fitting.filter { proposal.likely.contains($0.name) }
        let found = likely.isEmpty ? fitting : likely
        if found.count == 1, let profile = found.first { return profile }
        let place = DisplayText(report.place, limit: 400).text
        guard found.isEmpty else {
            throw InstanceError(
                .severalFit,
                reason: "several profiles fit the database \(place): \(found.map(\.reference).joined(separator: ", "))",
                hint: "nothing was changed; say which program it is with --profile NAME")
        }
        let which = proposal.profile.map { "the profile \($0) does not fit" } ?? "no profile fits"
        throw InstanceError(
            .misfit, reason: "\(which) the database \(place)",
            hint:
                "nothing was changed; sparekey apps check \(proposal.profile ?? "") --database ADDRESS says what differs"
        )
    }

    /// A command that others can change is not attached; a secret that is not there yet may still come.
    private static func refuseUnsafeCommands(_ bindings: AppBindings) throws {
        for (label, hook) in bindings.app.hooks.sorted(by: { $0.key < $1.key }) {
            guard case .command(let words) = hook, let fault = bindings.fault(words, label) else { continue }
            throw InstanceError(
                .unsafeFile, reason: "the hook \(label) cannot be run: \(fault)",
                hint: "nothing was changed; name a program by its whole path that only root or you can write, "
                    + "in folders of the same kind")
        }
    }

    private static func refuseUnknownLabels(_ app: AttachedApp, _ profile: Profile) throws {
        if app.login != nil, profile.signIn == nil {
            throw RecoveryError(
                .malformed, reason: "the profile \(profile.name) does not say how the program's sign-in is asked",
                hint:
                    "leave --login out; sparekey apps show \(profile.name) says what can be bound; nothing was changed")
        }
        guard let label = app.labelsUnknown(to: profile).first else { return }
        let known = profile.secrets.map(\.name) + profile.hooks.map(\.name)
        let those = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
        throw RecoveryError(
            .malformed, reason: "the profile \(profile.name) has no label '\(label)' of that kind",
            hint: "\(those); sparekey apps show \(profile.name) says what they are; nothing was changed")
    }
}

extension ProgramLocation {
    /// As the settings file has it, which has no working directory.
    var absolute: String {
        switch self {
        case .sqlite(let path): absolutePath(path)
        case .postgreSQL(let url), .mariaDB(let url): url
        }
    }
}

/// Links stay in it: a program may move what they lead to.
func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let here = realpath(".", nil) else { return path }
    defer { free(here) }
    return path == "." ? String(cString: here) : String(cString: here) + "/" + path
}

extension NamedInstance {
    /// The one in force, else a new one in the data folder.
    var settingsFile: String { settings.filePath ?? folder.file("sparekey.yaml") }

    /// However many slashes the folder was named with.
    var keepsSettingsInFolder: Bool {
        settingsFile.split(separator: "/") == folder.file("sparekey.yaml").split(separator: "/")
    }

    var trustedOwners: Set<UInt32> { profileFolders.reduce(into: []) { $0.formUnion($1.trustedOwners) } }

    /// Where the password of an app's database is kept, if nobody names a file for it.
    func passwordFile(of app: String) -> String { absolutePath(folder.file("apps/\(app).password")) }

    func isFolderNeeded(_ attachment: AppAttachment) -> Bool {
        keepsSettingsInFolder || attachment.makesPasswordFile
    }

    /// Mode 0600 in a folder of 0700, and the data folder's owner's.
    func keepPassword(of attachment: AppAttachment, owner: FolderOwner?, random: any RandomSource) throws {
        guard let password = attachment.password, let path = attachment.app.passwordFile else { return }
        let apps = folder.file("apps")
        guard mkdir(apps, 0o700) == 0 || errno == EEXIST else {
            throw InstanceError(
                .notWritable, reason: "the folder \(apps) cannot be created: \(String(cString: strerror(errno)))",
                hint: "nothing was changed; see to the owner and mode of the data folder")
        }
        let file = ReplacedFile(path: path)
        try file.replace(with: password + "\n", expecting: file.state(), random: random)
        guard let owner, geteuid() == 0 else { return }
        for made in [apps, path] { lchown(made, owner.user, owner.group) }
    }
}
