import Glibc
import Sparekey
import SparekeyApps
import Synchronization

/// The programs that the settings attach, with their profiles, read once a command; and whose turn it is at each.
///
/// A server follows its settings file: what `apps add` and `apps remove` change holds from the next request for an app on. A
/// file that cannot be used changes nothing.
final class ProgramShelf: Sendable {
    private struct Held {
        var settings: Settings
        var profiles: ProfileShelf?
        var marks: [FileMark?]
    }

    private let options: InstanceOptions
    private let folders: [ProfileFolder]
    /// The settings files that count, in this order.
    private let files: [String]
    private let held: Mutex<Held>
    /// Nil where nothing is followed.
    private let tell = Mutex<(@Sendable (String) -> Void)?>(nil)
    let turns = ProgramTurns()

    init(_ settings: Settings, _ options: InstanceOptions, data: String, folders: [ProfileFolder]) {
        self.options = options
        self.folders = folders
        files = options.config.map { [$0] } ?? [data, "/etc/sparekey"].map { "\($0)/sparekey.yaml" }
        held = Mutex(Held(settings: settings, profiles: nil, marks: files.map(FileMark.init)))
    }

    /// From here on the settings file is looked at whenever an app is asked for, which costs two stat(2).
    ///
    /// - Parameter tell: why a changed file cannot be used, once for each change.
    func follow(_ tell: @escaping @Sendable (String) -> Void) {
        self.tell.withLock { $0 = tell }
    }

    /// Opens nothing. The password is read anew each time: it may be changed while a server runs.
    ///
    /// - Throws: ``RecoveryError`` `unknownApp`, also for a program whose profile refuses every reset; ``InstanceError`` or
    ///   ``AppsError`` where profile or settings cannot be used.
    func named(_ name: String) throws -> FoundProgram {
        guard let app = apps.first(where: { $0.name == name }) else { throw RecoveryError.unknownApp }
        let profile = try profiles().named(app.profile)
        guard profile.refusal == nil else { throw RecoveryError.unknownApp }
        let location = try ProgramLocation(app.database)
        let bindings = bindings(of: app)
        return FoundProgram(
            AppReference(name: name, profile: profile.reference, database: location.reference), profile: profile,
            password: try bindings.password(), bindings: bindings, location: location)
    }

    var apps: [AttachedApp] { settings.apps }

    func bindings(of app: AttachedApp) -> AppBindings { AppBindings(app, settings, environment: options.environment) }

    func profiles() throws -> ProfileShelf {
        renew()
        return try held.withLock { held in
            if let shelf = held.profiles { return shelf }
            let read = try ProfileShelf(documents: folders.flatMap { try $0.documents() })
            held.profiles = read
            return read
        }
    }

    private var settings: Settings {
        renew()
        return held.withLock { $0.settings }
    }

    private func renew() {
        guard let tell = tell.withLock(\.self) else { return }
        let marks = files.map(FileMark.init)
        // Of several who see a change one reads the file; it may be read in the middle of a change only until the next look.
        let isChanged = held.withLock { held in
            defer { held.marks = marks }
            return held.marks != marks
        }
        guard isChanged else { return }
        do {
            let settings = try NamedInstance(options).settings
            held.withLock { ($0.settings, $0.profiles) = (settings, nil) }
        } catch {
            let why = (InstanceError.translated(error) as? InstanceError)?.reason ?? "\(error)"
            tell("the settings file was changed and cannot be used, the apps stay as they were: \(why)")
        }
    }
}

/// What tells that a file was changed or replaced.
private struct FileMark: Equatable {
    let inode: ino_t
    let size: off_t
    let seconds: Int
    let nanoseconds: Int

    /// Nil where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (inode, size) = (status.st_ino, status.st_size)
        (seconds, nanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    }
}
