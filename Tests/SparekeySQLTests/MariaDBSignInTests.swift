import Foundation
import SparekeyMariaDB
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("Signing in to a MariaDB server", .enabled(if: !TestDatabase.isWithoutMariaDB), .serialized)
struct MariaDBSignInTests {
    private static let environment = ProcessInfo.processInfo.environment
    private let port = environment["SPAREKEY_TEST_MARIADB_PORT", default: ""]
    private let authority = environment["SPAREKEY_TEST_MARIADB_CA", default: ""]

    /// A user of its own who may come by TCP, and is gone afterwards.
    private func withUser(_ body: (_ name: String) async throws -> Void) async throws {
        let name = "u" + UUID().uuidString.prefix(8).lowercased()
        let create = SQLStatement(stringLiteral: "CREATE USER \(name)@'127.0.0.1' IDENTIFIED BY 'hunter2'")
        let drop = SQLStatement(stringLiteral: "DROP USER \(name)@'127.0.0.1'")
        try await TestDatabase.administerMariaDB(create)
        do {
            try await body(name)
        } catch {
            try await TestDatabase.administerMariaDB(drop)
            throw error
        }
        try await TestDatabase.administerMariaDB(drop)
    }

    private func cipher(_ url: String) async throws -> String {
        let database = try await MariaDBDatabase(url: url, options: MariaDBOptions(connections: 1))
        let row = try await database.read("SHOW STATUS LIKE 'Ssl_cipher'").first
        await database.close()
        return try row?.text("Value") ?? ""
    }

    @Test("an unknown database, a wrong password and a user without rights are told apart, without the password")
    func refusals() async throws {
        let unknown = await sqlError { _ = try await MariaDBDatabase(url: try TestDatabase.mariaDB("nowhere")) }
        #expect(unknown?.code == .unavailable)
        #expect(unknown?.reason.contains("no database of this name") == true)
        try await withUser { name async throws in
            let wrong = await sqlError {
                _ = try await MariaDBDatabase(url: "mysql://\(name):hunter3@127.0.0.1:\(port)/")
            }
            #expect(wrong?.code == .denied)
            #expect(!everythingSaid(by: wrong).contains("hunter3"))
            let forbidden = await sqlError {
                _ = try await MariaDBDatabase(url: "mysql://\(name):hunter2@127.0.0.1:\(port)/mysql")
            }
            #expect(forbidden?.code == .denied)
        }
    }

    @Test("a certificate is verified where it is asked for, and encryption is never dropped in silence")
    func encryption() async throws {
        try await withUser { name async throws in
            let url = "mysql://\(name):hunter2@127.0.0.1:\(port)/"
            #expect(try await cipher(url + "?ssl-mode=required").isEmpty == false)
            #expect(try await cipher(url + "?ssl-mode=verify-identity&ssl-ca=\(authority)").isEmpty == false)
            let stranger = await sqlError { _ = try await cipher(url + "?ssl-mode=verify-identity") }
            #expect(stranger?.code == .unavailable)
            #expect(stranger?.reason.contains("ssl-ca") == true)
        }
    }

    @Test("the password may come from a file of its own or from an option file")
    func passwordSources() async throws {
        try await withUser { name async throws in
            let url = "mysql://\(name)@127.0.0.1:\(port)/"
            let given = try await MariaDBDatabase(url: url, password: "hunter2")
            await given.close()
            let file = FileManager.default.temporaryDirectory.appending(path: "\(name).cnf")
            defer { try? FileManager.default.removeItem(at: file) }
            // Nothing else in it takes hold: neither the host nor the character set.
            let text = "[client]\npassword=hunter2\nhost=192.0.2.1\ndefault-character-set=latin1\n"
            try text.write(to: file, atomically: true, encoding: .utf8)
            let found = try await MariaDBDatabase(url: url + "?defaults-file=\(file.path)")
            let row = try await found.read("SELECT 'Zoë' AS name, @@character_set_client AS characters").first
            #expect(try row?.text("name") == "Zoë")
            #expect(try row?.text("characters") == "utf8mb4")
            await found.close()
            let none = await sqlError { _ = try await MariaDBDatabase(url: url) }
            #expect(none?.code == .denied)
        }
    }
}
