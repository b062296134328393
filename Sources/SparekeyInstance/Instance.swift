import Glibc
public import Sparekey
import SparekeySQL
import SparekeyStore

/// What names an instance: the options of a command and the environment it runs in.
public struct InstanceOptions: Sendable {
    public let data: String?
    public let config: String?
    public let database: String?
    public let environment: [String: String]

    public init(data: String?, config: String?, database: String?, environment: [String: String]) {
        self.data = data
        self.config = config
        self.database = database
        self.environment = environment
    }
}

extension InstanceOptions {
    /// An address of a database as it may be shown: without the password that stands in it.
    public static func withoutPassword(_ address: String) -> String { ProgramLocation.withoutPassword(address) }
}

/// One instance, opened: folder, key, settings and store, and the flows wired to them. The only place where they meet.
public struct Instance: Sendable {
    public let settings: Settings
    public let hasher: DirectHasher
    /// Where it hashes: in place, or in the pool of a server.
    var hashing: any PasswordHasher
    /// Where the database is, without a password.
    public let place: String
    /// What the operator should know about how the instance was named.
    public internal(set) var warnings: [String]
    /// The domain given at set-up; a context word of the policy.
    public let domain: String?

    /// The sync keys that this process holds in memory; nil where it is no server or `sync_keys` is off.
    var syncKeyTable: SyncKeyTable?
    /// Whom a reset tells of what it changed.
    var liveRefresh: any LiveRefresh

    let store: SparekeyStore
    let folder: DataFolder
    let clock: any WallClock
    let random: any RandomSource
    let keyFile: KeyFile
    let profileFolders: [ProfileFolder]
    let programs: ProgramShelf
    /// Where a server says what nobody who waits for an answer is told; a command says it itself.
    var log: @Sendable (String) -> Void = { _ in }

    /// Opens the instance. As root it first becomes the data folder's owner, for good (SEC-16).
    ///
    /// - Parameters:
    ///   - mayCreate: whether a missing data folder, key or database is made (RST-3).
    ///   - keepsUser: for a reset in a program's database: own records stay with the caller; root's have to be root's.
    ///   - known: a program's database that was named: what was cut off there is settled with its password.
    /// - Throws: ``InstanceError``; nothing has been changed then.
    public static func open(
        _ options: InstanceOptions, mayCreate: Bool, keepsUser: Bool = false, known: ProgramAddress? = nil,
        clock: any WallClock = SystemWallClock(), random: any RandomSource = SystemRandomSource()
    ) async throws -> Instance {
        let named = try NamedInstance(options)
        if keepsUser { try named.refuseStrangersRecords() }
        let owner = try named.folder.open(mayCreate: mayCreate)
        if !keepsUser { try owner.become() }
        do {
            let database = try await OwnDatabase(
                location: named.location, passwordFile: named.settings.databasePasswordFile, mayCreate: mayCreate,
                source: named.settings.source(of: "database")
            ).open()
            let store = try await store(named, database, mayCreate: mayCreate, random: random)
            try await store.settle(now: clock.now)
            try await store.tidyCodes(now: clock.now)
            var instance = Instance(
                settings: named.settings, hasher: named.hasher, hashing: named.hasher, place: database.place,
                warnings: named.warnings,
                domain: try await store.domain(), liveRefresh: named.liveRefresh(of: store), store: store,
                folder: named.folder, clock: clock, random: random, keyFile: named.keyFile,
                profileFolders: named.profileFolders,
                programs: ProgramShelf(
                    named.settings, options, data: named.folder.path, folders: named.profileFolders))
            instance.warnings += await instance.settleProgramResets(known: known)
            return instance
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// The settings in force, for what is decided before anything is opened.
    public static func settings(_ options: InstanceOptions) throws -> Settings {
        try NamedInstance(options).settings
    }

    /// The own directory.
    public var register: any AccountRegister { store }
    public var journal: any ResetJournal { store }

    public func close() async {
        await store.close()
    }

    /// The policy in force, judging for this instance.
    public var judge: JudgePassword {
        JudgePassword(policy: settings.passwordPolicy, hasher: hashing)
    }

    /// The same with what it knows of an account: context words and history.
    public var acceptPassword: AcceptPassword {
        AcceptPassword(judge: judge, directory: store, domain: domain)
    }

    public var resetPassword: ResetPassword {
        ResetPassword(
            directory: store, ledger: store, credentials: credentials, refresh: liveRefresh,
            rules: ResetRules(
                temporary: temporary, historyKept: max(0, settings.passwordPolicy.history - 1),
                undoKept: settings.undoKeep),
            clock: clock, random: random)
    }

    public var undoReset: UndoReset {
        UndoReset(
            directory: store, ledger: store, journal: store, refresh: liveRefresh, clock: clock, random: random)
    }

    public var issueResetToken: IssueResetToken {
        IssueResetToken(
            tokens: store, hasher: hashing, key: store.key, lifetime: settings.tokenLifetime, clock: clock,
            random: random)
    }

    /// Outstanding and spent reset tokens.
    public var tokens: any ResetTokenRegister { store }

    /// Where people reach this instance, without a slash at the end (LST-4); nil while nobody said.
    public var publicURL: String? { publicURL(domain) }

    /// Plain HTTP where the domain is this machine itself: nobody else reaches that, and no certificate is for it.
    func publicURL(_ domain: String?) -> String? {
        settings.publicURL ?? domain.map { "\(CheckSettings.isLoopback("http://\($0)") ? "http" : "https")://\($0)" }
    }

    public var auditTrail: any AuditTrail { store }
    public var verifyAuditTrail: VerifyAuditTrail { store.verifyAuditTrail }
    public var exportAuditTrail: ExportAuditTrail { ExportAuditTrail(index: store, register: store) }

    public var pruneAuditTrail: PruneAuditTrail {
        PruneAuditTrail(trail: store, pruner: store, verify: store.verifyAuditTrail, clock: clock)
    }

    public var addAccount: AddAccount {
        AddAccount(register: store, credentials: credentials, temporary: temporary, clock: clock, random: random)
    }

    /// Whether RST-1 makes the password of this request a temporary one.
    public func isTemporary(_ request: ResetRequest) -> Bool {
        temporary.isTemporary(form: request.form, origin: request.password.origin, forced: request.forceChange)
    }

    public var now: Timestamp { clock.now }

    var temporary: TemporaryPasswords {
        TemporaryPasswords(rule: settings.temporary, lifetime: settings.temporaryLifetime)
    }

    private var credentials: MakeCredentials {
        MakeCredentials(hasher: hashing, key: store.key, syncKeys: settings.syncKeys)
    }

    private static func store(
        _ named: NamedInstance, _ database: any SQLDatabase, mayCreate: Bool, random: any RandomSource
    ) async throws -> SparekeyStore {
        do {
            let key = try await key(named, for: database, mayCreate: mayCreate, random: random)
            return try await SparekeyStore.open(
                database, key: key, mayCreate: mayCreate, random: random,
                heads: try AuditHeadFile(path: named.folder.file("audit.head")))
        } catch {
            await database.close()
            throw error
        }
    }

    /// A new key is made only for a database that has none yet: never beside one that was sealed with another.
    static func key(
        _ named: NamedInstance, for database: any SQLDatabase, mayCreate: Bool, random: any RandomSource
    ) async throws -> InstanceKey {
        if let key = try await PendingKey(file: named.keyFile).settle(database) { return key }
        let isMarked = try await SparekeyStore.isMarked(database)
        if mayCreate, !isMarked { return try named.keyFile.loadOrCreate(random: random) }
        if let key = try named.keyFile.load() { return key }
        guard isMarked else { throw InstanceError.empty(database.place) }
        throw InstanceError(
            .wrongKey, reason: "the instance key is missing: there is no file \(named.keyFile.path)",
            hint: "put back the key file that belongs to this database, or name it with key_file; passwords still work")
    }
}

/// What options, environment and settings together name, before anything is opened.
struct NamedInstance {
    let settings: Settings
    let folder: DataFolder
    let keyFile: KeyFile
    let location: DatabaseLocation
    let hasher: DirectHasher
    let warnings: [String]
    /// Where profiles may lie, and whose are believed.
    let profileFolders: [ProfileFolder]

    init(_ options: InstanceOptions) throws {
        var sources = SettingsSources(
            environment: options.environment, configFile: options.config,
            defaultDataFolder: try Self.standardFolder(options))
        sources.commandLine = ["data": options.data, "database": options.database].compactMapValues(\.self)
        if let owner = try Self.ownerOfNamedFolder(sources) {
            // Root believes the settings of the user it becomes.
            sources.trustedOwners.insert(owner.user)
        }
        settings = try Settings.load(sources)
        try Self.refuseStrangersFolder(settings)
        folder = DataFolder(path: settings.dataFolder ?? sources.defaultDataFolder)
        keyFile = KeyFile(path: settings.keyFile ?? folder.file("instance.key"))
        hasher = try DirectHasher(scheme: settings.hashScheme, costText: settings.hashCost)
        profileFolders = [folder.path, sources.systemFolder].map {
            ProfileFolder(path: "\($0)/profiles", trustedOwners: sources.trustedOwners)
        }
        let source = settings.source(of: "database")
        location = try DatabaseLocation(settings.database ?? folder.file("sparekey.db"), source: source)
        var warnings = settings.warnings
        if location.holdsPassword, source == .commandLine {
            warnings.append(
                "the password in --database can be seen by everybody on this machine; use .pgpass or database_password_file"
            )
        }
        self.warnings = warnings
    }

    /// Root becomes the data folder's owner: whoever owns the settings file must not choose who that is (SEC-16).
    private static func refuseStrangersFolder(_ settings: Settings) throws {
        guard case .file(let path, let line) = settings.source(of: "data") else { return }
        let owner = try FolderOwner(ofFile: path)
        guard owner.user != 0, owner.user != geteuid() else { return }
        throw InstanceError(
            .unsafeFile, reason: "\(path) line \(line): data may be set only by a file of root's or the caller's",
            hint: "name the data folder with --data or SPAREKEY_DATA")
    }

    /// The folder is looked at before the settings in it are: what is wrong with it explains what is wrong with them.
    private static func ownerOfNamedFolder(_ sources: SettingsSources) throws -> FolderOwner? {
        let folder = DataFolder(path: sources.commandLine["data"] ?? sources.defaultDataFolder)
        return folder.exists ? try folder.open(mayCreate: false) : nil
    }

    /// Nobody needs a home folder who has named the data folder.
    static func standardFolder(_ options: InstanceOptions) throws -> String {
        let named = [options.data, options.environment["SPAREKEY_DATA"]].compactMap(\.self).first { !$0.isEmpty }
        return try named ?? DataFolder.standard(options.environment)
    }
}

extension Instance {
    /// The account that a person named.
    ///
    /// - Throws: ``RecoveryError`` `unknownAccount`.
    public func account(_ name: String) async throws -> Account {
        if let account = try await store.find(AccountName(name)) { return account }
        throw RecoveryError(
            .unknownAccount, reason: "there is no account '\(DisplayText(name).text)'",
            hint: "sparekey reset-password --list shows all accounts")
    }
}
