import Sparekey
import SparekeyApps

/// Where the copy of a program's database lies that is made before the first reset in it (APP-4): `copies` of a data folder.
enum KeptCopy {
    private static let folder = "copies"

    /// - Returns: the folder, and the copy's path in it.
    static func place(of program: FoundProgram, in data: DataFolder) -> (folder: String, path: String) {
        let folder = data.file(folder)
        return (folder, "\(folder)/\(program.profile.name)-\(program.reference.databaseMark).db")
    }

    /// Whether a file is called and lies as a copy does, of whichever data folder: a reset there would succeed, and the
    /// person would stay locked out.
    static func isOne(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.dropLast().last.map(String.init) == folder
            && parts.last?.wholeMatch(of: /[a-z0-9-]+-[0-9a-f]{12}\.db/) != nil
    }

    static func refusal(_ path: String) -> InstanceError {
        InstanceError(
            .misfit, reason: "\(path) is a copy that Sparekey made before its first reset, not the database itself",
            hint: "nothing was changed: a password in the copy opens nothing; name the program's own database, which "
                + "sparekey resets list and sparekey apps scan name")
    }
}
