import Sparekey
import SparekeyApps
import SparekeyStore

/// Where a program's accounts are, as somebody has named it: with the password, which no record of ours keeps.
public struct ProgramAddress: Sendable {
    let location: ProgramLocation
    /// Beside the address; nil where it is in it, or not needed.
    let password: String?

    /// - Throws: ``InstanceError`` `badSettings`.
    public init(_ address: String) throws {
        (location, password) = (try ProgramLocation(address), nil)
    }

    public init(_ program: FoundProgram) {
        (location, password) = (program.location, program.password)
    }

    /// Whether the journal means this database by `app`.
    func isPlace(of app: AppReference) -> Bool { location.reference == app.database }
}

extension Instance {
    /// The program of an earlier reset, at a place that was named.
    func program(_ app: AppReference, at place: ProgramAddress) throws -> FoundProgram {
        let bindings = bindings(app, at: place.location)
        return FoundProgram(
            app, profile: try programs.profiles().named(app.profile),
            password: try place.password ?? bindings?.passwordFor(place.location), bindings: bindings,
            location: place.location)
    }

    /// Of the app that is attached at that address; or under the name that it had, where it has not moved since.
    private func bindings(_ app: AppReference, at location: ProgramLocation) -> AppBindings? {
        let attached = programs.apps.filter { $0.profile == app.profile }
        let found =
            attached.first { $0.isPlace(location.reference) }
            ?? attached.first { $0.name == app.name && $0.isPlace(app.database) }
        return found.map(programs.bindings)
    }

    /// The program of a reset that was cut off.
    ///
    /// - Parameter known: a place that the caller has named; its password is tried for what was begun there.
    func program(of reset: UnfinishedReset, known: ProgramAddress?) throws -> FoundProgram {
        if let known, known.isPlace(of: reset.app) { return try program(reset.app, at: known) }
        return try program(reset.app, at: ProgramAddress(reset.app.database))
    }

    /// What there is to say of a reset that could not be settled. After as long as undo keeps old passwords it is given up,
    /// and what was sealed goes.
    func explain(unsettled reset: UnfinishedReset, _ error: any Error) async -> String {
        let why = (InstanceError.translated(error) as? InstanceError)?.reason ?? "\(error)"
        let what = "reset \(reset.number) of '\(reset.username)' in \(reset.app.name) was cut off"
        guard now >= reset.at + settings.undoKeep, (try? await store.markUnclear(reset, at: now)) != nil else {
            return "\(what) and is not settled yet: \(why)"
        }
        return
            "\(what), and whether it was applied could not be found out in time: \(why); its old or its new password works"
    }
}

extension AppBindings {
    /// A password goes to the address that it belongs to and to no other: a name may stand for another server by now.
    fileprivate func passwordFor(_ location: ProgramLocation) throws -> String? {
        app.isPlace(location.reference) ? try password() : nil
    }
}

extension AttachedApp {
    fileprivate func isPlace(_ reference: String) -> Bool {
        (try? ProgramLocation(database))?.reference == reference
    }
}
