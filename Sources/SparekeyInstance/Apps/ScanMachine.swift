import Glibc
import Sparekey
public import SparekeyApps
import SparekeySQL
import SparekeyStore

/// Looks for programs' databases on this machine (APP-8): at the usual places of profiles, and at SQLite files and files with
/// accounts below some folders. Reads only; no byte changes. What it does not get to in its bounds is said, not passed over.
public struct ScanMachine: Sendable {
    /// A database that at least one profile fits.
    public struct Found: Sendable {
        public let path: String
        public let profiles: [Profile]
        /// How many accounts the first profile finds, and whether there are more.
        public let accounts: Int
        public let hasMoreAccounts: Bool
    }

    public struct Report: Sendable {
        /// In the order of their paths.
        public let found: [Found]
        public let roots: [String]
        /// Folders and files that this user may not look into.
        public let unreadable: Int
        /// False where a bound ended the search.
        public let isComplete: Bool
    }

    /// Where servers keep what they run, containers' volumes included.
    public static let usualRoots = ["/var/lib", "/opt", "/srv", "/home", "/root", "/mnt"]

    /// What one search may cost.
    public struct Bounds: Sendable {
        var depth = 8
        var entries = 500_000
        var databases = 500
        var time = Duration.seconds(60)

        public init() {}

        init(depth: Int, entries: Int, databases: Int, time: Duration = .seconds(60)) {
            (self.depth, self.entries, self.databases, self.time) = (depth, entries, databases, time)
        }
    }

    let profiles: [Profile]
    let roots: [String]
    let bounds: Bounds

    public init(_ profiles: [Profile], roots: [String] = usualRoots, bounds: Bounds = Bounds()) {
        self.profiles = profiles.filter { $0.databases.contains(.sqlite) || $0.databases.contains(.file) }
        self.roots = roots
        self.bounds = bounds
    }

    public func callAsFunction() async -> Report {
        let deadline = ContinuousClock.now.advanced(by: bounds.time)
        var walk = FolderWalk(bounds: bounds, deadline: deadline, names: fileNames)
        var paths = Set(profiles.flatMap(\.usualPlaces).filter { $0.hasPrefix("/") && isUnderRoots($0) })
        for root in roots { paths.formUnion(walk.files(below: root)) }
        var (found, looked, unreadable) = ([Found](), 0, walk.unreadable)
        for path in paths.sorted() where !KeptCopy.isOne(path) {
            guard looked < bounds.databases, ContinuousClock.now < deadline else {
                walk.isComplete = false
                break
            }
            guard isFile(path) else { continue }
            looked += 1
            do {
                if let program = try await program(at: path) { found.append(program) }
            } catch let error as SQLError where [.unavailable, .denied, .busy].contains(error.code) {
                unreadable += 1
            } catch {
                // Something that only begins like a database.
                continue
            }
        }
        return Report(found: found, roots: roots, unreadable: unreadable, isComplete: walk.isComplete)
    }

    /// What files that are no databases are usually called.
    private var fileNames: Set<String> {
        let files = profiles.filter { $0.databases.contains(.file) }
        return Set(files.flatMap(\.usualPlaces).compactMap { $0.split(separator: "/").last.map(String.init) })
    }

    /// The usual places are outside the roots that somebody names: those alone are looked at then.
    private func isUnderRoots(_ path: String) -> Bool {
        roots == Self.usualRoots || roots.contains { path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }

    private func program(at path: String) async throws -> Found? {
        if let file = try ProgramLocation.sqlite(path: path).file {
            return found(path, try CheckProgram(profiles)(file: file))
        }
        guard case .database(let mark, hasTables: true) = try SQLiteDatabase.inspect(path: path),
            mark != SparekeyStore.applicationID
        else { return nil }
        let database = try await SQLiteDatabase.preview(path: path, busyTimeout: .seconds(1))
        let report: CheckProgram.Report
        do {
            report = try await CheckProgram(profiles)(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return found(path, report)
    }

    private func found(_ path: String, _ report: CheckProgram.Report) -> Found? {
        guard let first = report.fitting.first else { return nil }
        let survey = first.surveys.first
        return Found(
            path: path, profiles: report.fitting.map(\.profile), accounts: survey?.accounts ?? 0,
            hasMoreAccounts: survey?.isMore ?? false)
    }
}

/// Whether a path is a file with something in it; no link, pipe or device is opened to find out.
private func isFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
}

extension Instance {
    /// Looks for programs on this machine, with all profiles that there are.
    ///
    /// - Parameter roots: the folders to look below; empty for the usual ones.
    /// - Throws: ``InstanceError`` for a profile or settings that are not right, and for a root that is no folder.
    public static func scan(_ roots: [String], _ options: InstanceOptions) async throws -> ScanMachine.Report {
        for root in roots { try requireFolder(root) }
        let shelf = try profiles(options.forProgram)
        let profiles = try shelf.profiles()
        let scan = roots.isEmpty ? ScanMachine(profiles) : ScanMachine(profiles, roots: roots.map(absolutePath))
        return await scan()
    }

    private static func requireFolder(_ root: String) throws {
        var status = stat()
        guard stat(absolutePath(root), &status) == 0 else {
            throw InstanceError(
                .unavailable,
                reason: "\(DisplayText(root).text) cannot be looked into: \(String(cString: strerror(errno)))",
                hint: "name a folder that there is, or none for the usual ones")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw InstanceError(
                .unavailable, reason: "\(DisplayText(root).text) is no folder",
                hint: "sparekey apps check --database FILE says which program a file belongs to")
        }
    }
}
