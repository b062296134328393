import Glibc
public import Sparekey

/// `sparekey doctor` (OPS-2): what would stop a recovery today.
///
/// It looks and changes nothing: no folder, file or row is made, nothing is settled or migrated. (Beside a database whose
/// `-wal` was left without its `-shm`, SQLite makes that index to read the log.) What cannot be opened is a check that
/// says so, and the others go on without it. As root it first becomes the data folder's owner, for good, since that is
/// whose rights a recovery has (SEC-16).
public struct Doctor: Sendable {
    private let options: InstanceOptions
    private let clock: any WallClock
    private let progress: @Sendable (Int) -> Void

    /// - Parameter progress: told now and then how many accounts were looked at.
    public init(
        _ options: InstanceOptions, clock: any WallClock = SystemWallClock(),
        progress: @escaping @Sendable (_ accounts: Int) -> Void = { _ in }
    ) {
        self.options = options
        self.clock = clock
        self.progress = progress
    }

    public func callAsFunction() async -> Examination {
        var examination = Examination()
        guard let named = named(&examination) else { return examination }
        examination.settings = named.settings.listing
        let folder = DataFolder(path: named.settings.dataFolder ?? named.standardFolder)
        examination.checks.append(check(folder))
        do {
            // Also where the folder is not as it must be: a recovery would stop there, and root must not go on as root.
            if folder.exists { try FolderOwner(ofFolder: folder.path).become() }
        } catch {
            examination.checks.append(.wrong("data folder", error))
            return examination
        }
        examination.checks += CheckSettings(settings: named.settings)()
        let keyFile = KeyFile(path: named.settings.keyFile ?? folder.file("instance.key"))
        let (key, keyCheck) = check(keyFile)
        let pending = PendingKey(file: keyFile)
        let keys = pending.isWaiting ? [key, try? pending.waiting()] : [key]
        examination.checks.append(pending.isWaiting ? pending.check : keyCheck)
        examination.checks += await database(named.settings, folder, keys)
        examination.checks.append(await server(named.settings, folder, key))
        examination.checks += await ExamineApps(apps: named.settings.apps, options: options)()
        return examination
    }

    /// The settings, or a failing check for each thing that keeps them from being known.
    private func named(_ examination: inout Examination) -> (settings: Settings, standardFolder: String)? {
        do {
            let standard = try NamedInstance.standardFolder(options)
            var sources = SettingsSources(
                environment: options.environment, configFile: options.config, defaultDataFolder: standard)
            sources.commandLine = ["data": options.data, "database": options.database].compactMapValues(\.self)
            let folder = DataFolder(path: options.data ?? standard)
            if folder.exists { sources.trustedOwners.insert(try FolderOwner(ofFolder: folder.path).user) }
            return (try Settings.load(sources), standard)
        } catch {
            examination.checks.append(.wrong("settings", error))
            return nil
        }
    }

    private func check(_ folder: DataFolder) -> HealthCheck {
        do {
            _ = try folder.open(mayCreate: false)
            return .ok("data folder", "\(folder.path) is yours and closed to others")
        } catch {
            return .wrong("data folder", error)
        }
    }

    private func check(_ file: KeyFile) -> (InstanceKey?, HealthCheck) {
        do {
            if let key = try file.load() { return (key, .ok("key file", "\(file.path) holds a key")) }
            let missing = HealthCheck(
                "key file", .wrong, "the instance key is missing: there is no file \(file.path)",
                remedy: "put back the key file that belongs to the database, or name it with key_file")
            return (nil, missing)
        } catch {
            return (nil, .wrong("key file", error))
        }
    }

    private func database(_ settings: Settings, _ folder: DataFolder, _ keys: [InstanceKey?]) async -> [HealthCheck] {
        await HealthCheck.looking("database") {
            let database = try Self.ownDatabase(settings, folder)
            return try await ExamineDatabase(
                database: database, keys: keys.compactMap(\.self), now: clock.now, progress: progress)()
        }
    }

    private func server(_ settings: Settings, _ folder: DataFolder, _ key: InstanceKey?) async -> HealthCheck {
        await CheckServer(server: folder.runningServer) {
            try await Self.ownDatabase(settings, folder).identity(key: key)
        }()
    }

    private static func ownDatabase(_ settings: Settings, _ folder: DataFolder) throws -> OwnDatabase {
        let location = try DatabaseLocation(
            settings.database ?? folder.file("sparekey.db"), source: settings.source(of: "database"))
        return OwnDatabase(
            location: location, passwordFile: settings.databasePasswordFile, mayCreate: false,
            source: settings.source(of: "database"))
    }
}
