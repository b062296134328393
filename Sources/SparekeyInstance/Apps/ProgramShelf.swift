import Sparekey
import SparekeyApps
import Synchronization

/// The programs that the settings attach, with their profiles, read once a process; and whose turn it is at each.
final class ProgramShelf: Sendable {
    private let settings: Settings
    private let environment: [String: String]
    private let folders: [ProfileFolder]
    private let shelf = Mutex<ProfileShelf?>(nil)
    let turns = ProgramTurns()

    init(_ settings: Settings, environment: [String: String], folders: [ProfileFolder]) {
        self.settings = settings
        self.environment = environment
        self.folders = folders
    }

    /// Opens nothing. The password is read anew each time: it may be changed while a server runs.
    ///
    /// - Throws: ``RecoveryError`` `unknownApp`, also for a program whose profile refuses every reset; ``InstanceError`` or
    ///   ``AppsError`` where profile or settings cannot be used.
    func named(_ name: String) throws -> FoundProgram {
        guard let app = settings.apps.first(where: { $0.name == name }) else { throw RecoveryError.unknownApp }
        let profile = try profiles().named(app.profile)
        guard profile.refusal == nil else { throw RecoveryError.unknownApp }
        let location = try ProgramLocation(app.database)
        let bindings = bindings(of: app)
        return FoundProgram(
            AppReference(name: name, profile: profile.reference, database: location.reference), profile: profile,
            password: try bindings.password(), bindings: bindings, location: location)
    }

    func bindings(of app: AttachedApp) -> AppBindings { AppBindings(app, settings, environment: environment) }

    func profiles() throws -> ProfileShelf {
        try shelf.withLock { shelf in
            if let shelf { return shelf }
            let read = try ProfileShelf(documents: folders.flatMap { try $0.documents() })
            shelf = read
            return read
        }
    }
}
