import Glibc
import Sparekey
import SparekeySQL
import SparekeyStore

#if PostgreSQL
    import SparekeyPostgreSQL
#endif
#if MariaDB
    import SparekeyMariaDB
#endif

/// Where another program's database is.
enum ProgramLocation: Equatable {
    case sqlite(path: String)
    case postgreSQL(url: String)
    case mariaDB(url: String)

    /// Reads what `--database` takes for a program: the forms of ``DatabaseLocation``, and `mysql://` or `mariadb://`.
    ///
    /// - Throws: ``InstanceError`` `badSettings`; the text is not repeated, it may hold a password.
    init(_ text: String, source: SettingSource = .commandLine) throws {
        let scheme = text.firstRange(of: "://").map { text[..<$0.lowerBound].lowercased() }
        if let scheme, ["mysql", "mariadb"].contains(scheme) {
            self = .mariaDB(url: text)
            return
        }
        if let scheme, !["sqlite", "postgres", "postgresql"].contains(scheme) {
            throw InstanceError(
                .badSettings,
                reason: "the database named by the \(source) has the scheme "
                    + "\(DisplayText(scheme, limit: 20).text)://",
                hint: "a program's database is a path, sqlite:///PATH, postgres://… or mysql://…; nothing was changed")
        }
        switch try DatabaseLocation(text, source: source) {
        case .sqlite(let path): self = .sqlite(path: path)
        case .postgreSQL(let url): self = .postgreSQL(url: url)
        }
    }

    /// Whether everybody on this machine could read a password among the running programs.
    var holdsPassword: Bool {
        switch self {
        case .sqlite: false
        case .postgreSQL(let url), .mariaDB(let url): DatabaseLocation.postgreSQL(url: url).holdsPassword
        }
    }

    /// What a later command finds it by: an absolute path, or the URL without a password.
    var reference: String {
        switch self {
        case .sqlite(let path):
            guard let resolved = realpath(path, nil) else { return path }
            defer { free(resolved) }
            return String(cString: resolved)
        case .postgreSQL(let url), .mariaDB(let url): return Self.withoutPassword(url)
        }
    }

    /// The folder that documents of the program lie in; nil for a server.
    var folder: String? {
        guard case .sqlite = self else { return nil }
        let path = reference
        return path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    }

    static func withoutPassword(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest[authority.endIndex...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var host = String(authority)
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].prefix { $0 != ":" }
            host = String(user + authority[at...])
        }
        let parameters = tail.count < 2 ? [] : tail[1].split(separator: "&").filter { !$0.hasPrefix("password=") }
        let query = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        return url[..<scheme.upperBound] + host + (tail.first ?? "") + query
    }

    /// Opens it to change rows. Root opens a SQLite file as the file's owner (SEC-16).
    func openToWrite(password: String? = nil, patience: Duration? = nil) async throws -> any SQLDatabase {
        guard case .sqlite(let path) = self else { return try await openToRead(password: password, patience: patience) }
        try OwnDatabase.requireWritable(path)
        return try await SQLiteDatabase.program(path: path)
    }

    /// Opens it so that no byte of it changes. A server's is read in transactions that refuse writes.
    ///
    /// - Parameters:
    ///   - password: of a server's database; nil leaves the driver its own sources.
    ///   - patience: how long a server may take to be connected to; nil for the driver's own time.
    func openToRead(password: String? = nil, patience: Duration? = nil) async throws -> any SQLDatabase {
        switch self {
        case .sqlite(let path):
            if case .database(SparekeyStore.applicationID, _) = try SQLiteDatabase.inspect(path: path) {
                throw InstanceError(
                    .wrongDatabase, reason: "\(path) is Sparekey's own database, not another program's",
                    hint: "sparekey doctor looks at it; nothing was changed")
            }
            return try await SQLiteDatabase.preview(path: path)
        case .postgreSQL(let url): return try await Self.openPostgreSQL(url, password, patience)
        case .mariaDB(let url): return try await Self.openMariaDB(url, password, patience)
        }
    }

    private static func openPostgreSQL(
        _ url: String, _ password: String?, _ patience: Duration?
    ) async throws -> any SQLDatabase {
        #if PostgreSQL
            var options = PostgreSQLOptions(connections: 1)
            if let patience { options.connectTimeout = patience }
            return try await PostgreSQLDatabase(url: url, password: password, options: options)
        #else
            throw InstanceError(
                .badSettings, reason: "this sparekey was built without PostgreSQL",
                hint: "build it with the trait PostgreSQL")
        #endif
    }

    private static func openMariaDB(
        _ url: String, _ password: String?, _ patience: Duration?
    ) async throws -> any SQLDatabase {
        #if MariaDB
            var options = MariaDBOptions(connections: 1)
            if let patience { options.connectTimeout = patience }
            return try await MariaDBDatabase(url: url, password: password, options: options)
        #else
            throw InstanceError(
                .badSettings, reason: "this sparekey was built without MariaDB", hint: "build it with the trait MariaDB"
            )
        #endif
    }
}
