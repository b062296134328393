import Glibc
import Sparekey
import SparekeySQL
import SparekeyStore

#if PostgreSQL
    import SparekeyPostgreSQL
#endif

/// Opens the own database, and refuses any other unchanged (RST-3).
struct OwnDatabase {
    let location: DatabaseLocation
    let passwordFile: String?
    let mayCreate: Bool
    /// What named the database: a message says so, because a variable that somebody else set is easily overlooked.
    var source = SettingSource.fallback

    func open() async throws -> any SQLDatabase {
        switch location {
        case .sqlite(let path): try await openSQLite(path)
        case .postgreSQL(let url): try await openPostgreSQL(url)
        }
    }

    /// Opens the database so that nothing is written, not even a file beside it where nobody has it open.
    func openToRead() async throws -> any SQLDatabase {
        switch location {
        case .sqlite(let path):
            try refuseAnyOther(path)
            let mode = SQLiteDatabase.isAtRest(path: path) ? SQLiteOptions.Mode.immutable : .readOnly
            return try await SQLiteDatabase(path: path, options: .ownDirectory(mode))
        case .postgreSQL(let url): return try await openPostgreSQL(url)
        }
    }

    private func openSQLite(_ path: String) async throws -> any SQLDatabase {
        try refuseAnyOther(path)
        try Self.requireWritable(path)
        return try await SQLiteDatabase(path: path, options: .ownDirectory(mayCreate ? .mayCreate : .mustExist))
    }

    private func refuseAnyOther(_ path: String) throws {
        switch try SQLiteDatabase.inspect(path: path) {
        case .missing where !mayCreate:
            throw InstanceError(
                .notSetUp, reason: "there is no database at \(named(path))",
                hint: "sparekey setup creates one; --database PATH or --data DIR names another; "
                    + "was it there before? See whether its disk or volume is mounted")
        case .notADatabase:
            throw InstanceError(
                .wrongDatabase, reason: "\(named(path)) is not a database",
                hint: "nothing was changed; --database PATH names another file")
        case .database(let mark, let hasTables)
        where mark != SparekeyStore.applicationID && (hasTables || mark != 0):
            throw OwnDatabase.foreign(named(path))
        case .empty where !mayCreate: throw InstanceError.empty(path)
        case .database(_, hasTables: false) where !mayCreate: throw InstanceError.empty(path)
        case .missing, .empty, .database: break
        }
    }

    /// The path, from the root on, and who chose it where it is not the default.
    private func named(_ path: String) -> String {
        let here = path.hasPrefix("/") ? nil : realpath(".", nil)
        defer { free(here) }
        let whole = here.map { String(cString: $0) + "/" + path } ?? path
        return source == .fallback ? whole : "\(whole) (named by the \(source))"
    }

    /// Even reading writes beside the file (`-shm`, `-lock`): what takes no write is refused in plain words.
    static func requireWritable(_ path: String) throws(InstanceError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/") + "/"
        if access(folder, W_OK) != 0 { throw notWritable("the folder of the database \(path)", errno) }
        if access(path, F_OK) == 0, access(path, W_OK) != 0 { throw notWritable("the database \(path)", errno) }
    }

    private static func notWritable(_ what: String, _ failure: Int32) -> InstanceError {
        InstanceError(
            failure == ENOENT ? .unavailable : .notWritable,
            reason: "\(what) cannot be written: \(String(cString: strerror(failure)))",
            hint: "nothing was changed and the old password still works; see to its owner, mode and file system")
    }

    private func openPostgreSQL(_ url: String) async throws -> any SQLDatabase {
        #if PostgreSQL
            return try await PostgreSQLDatabase(
                url: url,
                password: passwordFile.map {
                    try PasswordFile(setting: "database_password_file", path: $0).password()
                })
        #else
            throw InstanceError(
                .badSettings, reason: "this sparekey was built without PostgreSQL",
                hint: "build it with the trait PostgreSQL")
        #endif
    }

    static func foreign(_ place: String) -> InstanceError {
        InstanceError(
            .wrongDatabase, reason: "\(place) is another program's database",
            hint: "nothing was changed; to reset a password in it: "
                + "sparekey reset-password --database ADDRESS ACCOUNT, with --profile NAME where it is not recognised")
    }
}
