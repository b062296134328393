/// Whether a running server uses the database that the commands use: otherwise people would be given passwords that the
/// server never sees.
public struct CheckServer: Sendable {
    private let server: any RunningServer
    private let own: @Sendable () async throws -> String?

    /// - Parameter own: the identity of the commands' database; nil where it cannot be said. Asked for only while a server
    ///   runs.
    public init(server: any RunningServer, own: @escaping @Sendable () async throws -> String?) {
        self.server = server
        self.own = own
    }

    public func callAsFunction() async -> HealthCheck {
        let name = "server"
        let running: String?
        do {
            running = try await server.databaseIdentity()
        } catch {
            return HealthCheck(
                name, .wrong, "\(error)",
                remedy: "end that server and start it again; without a server the commands still work")
        }
        guard let running else { return .ok(name, "none runs on this data folder; the commands need none") }
        // What keeps the database from being read has a check of its own.
        guard let own = try? await own() else {
            return HealthCheck(name, .warning, "one runs; whether it uses the same database cannot be said")
        }
        guard running == own else {
            return HealthCheck(
                name, .wrong, "the server on this data folder uses another database than this command",
                remedy: "give both the same setting database, then start the server again")
        }
        return .ok(name, "one runs, and uses the same database")
    }
}
