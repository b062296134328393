import Foundation
import SparekeyPostgreSQL
import SparekeySQL
import Testing

/// The databases every test of the seam runs on.
enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite
    case postgreSQL

    var testDescription: String { rawValue }

    /// PostgreSQL is left out only when somebody says so: a run that silently tests half is no run.
    static let all: [Kind] = TestDatabase.isWithoutPostgreSQL ? [.sqlite] : allCases
}

/// A fresh, empty database that is gone after the test: a file in a folder of its own, or a schema.
struct TestDatabase: Sendable {
    let kind: Kind
    /// Where a SQLite database and its companions are.
    let folder: URL
    private let schema: String

    static let isWithoutPostgreSQL = ProcessInfo.processInfo.environment["SPAREKEY_TEST_WITHOUT_POSTGRES"] == "1"
    static let serverURL = ProcessInfo.processInfo.environment["SPAREKEY_TEST_POSTGRES"]

    var path: String { folder.appending(path: "test.db").path }

    /// A handle of its own, as another process would have it.
    func open(
        timeout: Duration = .seconds(5), connections: Int = 8, sqlite: SQLiteOptions.Mode = .mayCreate
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

    static func server() throws -> String {
        guard let serverURL else { throw Missing() }
        return serverURL
    }

    struct Missing: Error, CustomStringConvertible {
        let description =
            "SPAREKEY_TEST_POSTGRES is not set: run the tests by dev/with-postgres, or set SPAREKEY_TEST_WITHOUT_POSTGRES=1"
    }

    static func with(_ kind: Kind, _ body: (TestDatabase) async throws -> Void) async throws {
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
    static func administer(_ statement: SQLStatement) async throws -> [SQLRow] {
        let server = try await PostgreSQLDatabase(url: try server(), options: PostgreSQLOptions(connections: 1))
        let rows = try await server.transaction(.write) { try $0.query(statement) }
        await server.close()
        return rows
    }
}

extension SQLDatabase {
    @discardableResult
    func write(_ statement: SQLStatement) async throws -> Int {
        try await transaction(.write) { try $0.execute(statement) }
    }

    func read(_ statement: SQLStatement) async throws -> [SQLRow] {
        try await transaction(.read) { try $0.query(statement) }
    }

    func integer(_ statement: SQLStatement) async throws -> Int64? {
        try await read(statement).first.flatMap { row in
            if case .integer(let number) = row.values.first { number } else { nil }
        }
    }
}

/// Runs `work` and returns the error of the seam it threw, or nil.
func sqlError(_ work: () async throws -> Void) async -> SQLError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? SQLError
    }
}

/// Reason and causes of an error, as a careless log would show them.
func everythingSaid(by error: SQLError?) -> String {
    guard let error else { return "" }
    return "\(error) \(error.reason) \(String(reflecting: error)) \(String(describing: error.cause))"
}
