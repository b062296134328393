public import Foundation
import SparekeyPostgreSQL
public import SparekeySQL

/// A fresh, empty database that is gone after the test: a file in a folder of its own, or a schema.
public struct TestDatabase: Sendable {
    /// The databases every test of the seam runs on.
    public enum Kind: String, CaseIterable, Sendable {
        case sqlite
        case postgreSQL

        /// PostgreSQL is left out only when somebody says so: a run that silently tests half is no run.
        public static let all: [Kind] = TestDatabase.isWithoutPostgreSQL ? [.sqlite] : allCases
    }

    public let kind: Kind
    /// Where a SQLite database and its companions are.
    public let folder: URL
    private let schema: String

    public static let isWithoutPostgreSQL = ProcessInfo.processInfo.environment["SPAREKEY_TEST_WITHOUT_POSTGRES"] == "1"
    public static let serverURL = ProcessInfo.processInfo.environment["SPAREKEY_TEST_POSTGRES"]

    public var path: String { folder.appending(path: "test.db").path }

    /// A handle of its own, as another process would have it.
    public func open(
        timeout: Duration = .seconds(30), connections: Int = 8, sqlite: SQLiteOptions.Mode = .mayCreate
    ) async throws -> any SQLDatabase {
        switch kind {
        case .sqlite:
            var options = SQLiteOptions.ownDirectory(sqlite)
            options.busyTimeout = timeout
            return try await SQLiteDatabase(path: path, options: options)
        case .postgreSQL:
            let options = PostgreSQLOptions(connections: connections, poolPatience: timeout, lockTimeout: timeout)
            return try await PostgreSQLDatabase(url: url(), options: options)
        }
    }

    /// The server's address with this test's schema as the only one.
    private func url() throws -> String {
        let server = try Self.server()
        return server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
    }

    public static func server() throws -> String {
        guard let serverURL else { throw Missing() }
        return serverURL
    }

    public struct Missing: Error, CustomStringConvertible {
        public let description =
            "SPAREKEY_TEST_POSTGRES is not set: run the tests by dev/with-postgres, or set SPAREKEY_TEST_WITHOUT_POSTGRES=1"
    }

    public static func with(_ kind: Kind, _ body: (TestDatabase) async throws -> Void) async throws {
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(name)")
        let database = TestDatabase(kind: kind, folder: folder, schema: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        guard kind == .postgreSQL else { return try await body(database) }
        try await administer("CREATE SCHEMA \(identifier: name)")
        do {
            try await body(database)
        } catch {
            try await administer("DROP SCHEMA \(identifier: name) CASCADE")
            throw error
        }
        try await administer("DROP SCHEMA \(identifier: name) CASCADE")
    }

    /// One statement on the test server, beside whatever the test has open.
    @discardableResult
    public static func administer(_ statement: SQLStatement) async throws -> [SQLRow] {
        let server = try await PostgreSQLDatabase(url: try server(), options: PostgreSQLOptions(connections: 1))
        let rows = try await server.transaction(.write) { try $0.query(statement) }
        await server.close()
        return rows
    }
}
