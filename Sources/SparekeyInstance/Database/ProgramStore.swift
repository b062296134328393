import Glibc
import SparekeyApps
import SparekeySQL

/// A program's accounts where they are, opened: its database, or the file that it has instead.
enum ProgramStore {
    case database(any SQLDatabase)
    /// The file's own path, which is no link.
    case file(String)

    func close() async {
        if case .database(let database) = self { await database.close() }
    }

    func check(_ profiles: [Profile], surveys: Bool = true) async throws -> CheckProgram.Report {
        switch self {
        case .database(let database): try await CheckProgram(profiles)(database, surveys: surveys)
        case .file(let path): try CheckProgram(profiles)(file: path)
        }
    }
}

extension ProgramLocation {
    /// Opens it so that nothing changes there.
    ///
    /// - Parameter password: of a server's database; nil leaves the driver its own sources.
    func storeToRead(password: String? = nil) async throws -> ProgramStore {
        if let file = try file { return .file(file) }
        return .database(try await openToRead(password: password))
    }

    /// Opens it to change accounts.
    ///
    /// - Parameter isInPlace: whether a file is written itself, and not replaced.
    func storeToWrite(password: String? = nil, isInPlace: Bool = false) async throws -> ProgramStore {
        guard let file = try file else { return .database(try await openToWrite(password: password)) }
        try Self.requireWritable(file, isInPlace: isInPlace)
        return .file(file)
    }

    /// What is written in place needs no right to its folder.
    static func requireWritable(_ file: String, isInPlace: Bool) throws {
        guard access(file, W_OK) == 0 else { return try OwnDatabase.requireWritable(file) }
        guard !isInPlace else { return }
        do {
            try OwnDatabase.requireWritable(file)
        } catch let error {
            throw InstanceError(
                error.code, reason: error.reason,
                hint: "nothing was changed and the old password still works; see to the folder's owner, mode and file "
                    + "system, or write into the file itself with --in-place")
        }
    }

    /// The path of what is no SQLite database and could hold accounts as text.
    var file: String? {
        get throws {
            guard case .sqlite(let path) = self, case .notADatabase = try SQLiteDatabase.inspect(path: path),
                TextFile.isText(path)
            else { return nil }
            return try FollowedPath(path).text
        }
    }
}
