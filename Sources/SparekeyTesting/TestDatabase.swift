public import Foundation
import SparekeyMariaDB
import SparekeyPostgreSQL
public import SparekeySQL

/// A fresh, empty database that is gone after the test: a file in a folder of its own, or a schema.
public struct TestDatabase: Sendable {
    /// The databases that tests run on.
    public enum Kind: String, CaseIterable, Sendable {
        case sqlite
        case postgreSQL
        case mariaDB

        /// Where Sparekey's own directory can be. A server is left out only when somebody says so: a run that silently
        /// tests half is no run.
        public static let all: [Kind] = TestDatabase.isWithoutPostgreSQL ? [.sqlite] : [.sqlite, .postgreSQL]

        /// Where a program's accounts can be: every driver of the seam.
        public static let drivers: [Kind] = all + (TestDatabase.isWithoutMariaDB ? [] : [.mariaDB])

        public struct NotAnOwnDirectory: Error {
            public init() {}
        }
    }

    public let kind: Kind
    /// Where a SQLite database and its companions are.
    public let folder: URL
    private let schema: String

    public static let isWithoutPostgreSQL = ProcessInfo.processInfo.environment["SPAREKEY_TEST_WITHOUT_POSTGRES"] == "1"
    public static let isWithoutMariaDB = ProcessInfo.processInfo.environment["SPAREKEY_TEST_WITHOUT_MARIADB"] == "1"
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
        case .mariaDB:
            let options = MariaDBOptions(connections: connections, poolPatience: timeout, lockTimeout: timeout)
            return try await MariaDBDatabase(url: Self.mariaDB(schema), options: options)
        }
    }

    /// The server's address with this test's schema as the only one.
    public func url() throws -> String {
        let server = try Self.server()
        return server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
    }

    public static func server() throws -> String {
        guard let serverURL else { throw Missing(server: "postgres", variable: "POSTGRES") }
        return serverURL
    }

    /// The address of a database on the MariaDB server of this run.
    public static func mariaDB(_ name: String = "") throws -> String {
        guard let server = ProcessInfo.processInfo.environment["SPAREKEY_TEST_MARIADB"] else {
            throw Missing(server: "mariadb", variable: "MARIADB")
        }
        return server.replacing("/?", with: "/\(name)?", maxReplacements: 1)
    }

    public struct Missing: Error, CustomStringConvertible {
        let server: String
        let variable: String

        public var description: String {
            """
            SPAREKEY_TEST_\(variable) is not set: run the tests by dev/with-\(server), or set \
            SPAREKEY_TEST_WITHOUT_\(variable)=1
            """
        }
    }

    public static func with(_ kind: Kind, _ body: (TestDatabase) async throws -> Void) async throws {
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let folder = FileManager.default.temporaryDirectory.appending(path: "sparekey-\(name)")
        let database = TestDatabase(kind: kind, folder: folder, schema: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        if kind == .sqlite { return try await body(database) }
        try await database.makeSchema()
        do {
            try await body(database)
        } catch {
            try await database.dropSchema()
            throw error
        }
        try await database.dropSchema()
    }

    private func makeSchema() async throws {
        if kind == .mariaDB { return try await Self.administerMariaDB("CREATE DATABASE \(identifier: schema)") }
        try await Self.administer("CREATE SCHEMA \(identifier: schema)")
    }

    private func dropSchema() async throws {
        if kind == .mariaDB { return try await Self.administerMariaDB("DROP DATABASE \(identifier: schema)") }
        try await Self.administer("DROP SCHEMA \(identifier: schema) CASCADE")
    }

    /// As ``administer(_:)``, on the MariaDB server.
    public static func administerMariaDB(_ statements: SQLStatement...) async throws {
        let server = try await MariaDBDatabase(url: try mariaDB(), options: MariaDBOptions(connections: 1))
        try await server.transaction(.write) { connection in
            for statement in statements { try connection.execute(statement) }
        }
        await server.close()
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
