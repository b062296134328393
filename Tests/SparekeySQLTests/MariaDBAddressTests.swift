import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyMariaDB

@Suite("The address of a MariaDB server")
struct MariaDBAddressTests {
    private func address(_ text: String, password: String? = nil) throws -> MariaDBAddress {
        try MariaDBAddress(text, password: password)
    }

    @Test(
        "the place never holds the password",
        arguments: [
            ("mysql://bob:hunter2@db.example.org:3307/auth", "mysql://bob@db.example.org:3307/auth"),
            ("mariadb://bob:hunt%40er2@db/auth?ssl-mode=DISABLED", "mysql://bob@db/auth"),
            ("mysql://bob:hunter2@[::1]:3306/auth?charset=utf8", "mysql://bob@[::1]:3306/auth"),
            ("mysql://bob:hunter2@/auth?socket=/run/my sql", "mysql://bob@localhost/auth?socket=/run/my%20sql"),
            ("mysql:///auth", "mysql://localhost/auth"),
            ("mysql://b%0Aob:hunter2@db/a%1B", "mysql://b%0Aob@db/a%1B"),
        ])
    func place(_ text: String, _ place: String) throws {
        #expect(try address(text).place == place)
    }

    @Test(
        "an address whose password was read as something else is refused without a word of it",
        arguments: [
            "mysql://bob:hun@ter2@db/auth", "mysql://bob:hun/ter2@db/auth", "mysql://bob:12/hunter2@db/auth",
            "mysql://bob:hunter2%zz@db/auth", "mysql://bob:hun#ter2@db/auth", "hunter2", "mysql://bob:hun?ter2@db/auth",
            "mysql://db:hunter2/auth", "mysql://bob:x@db/auth?password=hunter2", "postgres://bob:hunter2@db/auth",
        ])
    func misread(_ text: String) async throws {
        let error = await sqlError { _ = try address(text) }
        #expect(error?.code == .badAddress)
        #expect(error?.reason.contains("ter2") == false)
        #expect(error?.cause == nil)
    }

    @Test("a server somewhere else has to show a certificate, unless the address says otherwise")
    func certificate() throws {
        for remote in ["mysql://db/a", "mysql://127.example.org/a", "mysql://10.0.0.1/a"] {
            #expect(try address(remote).encryption == .verifyIdentity, "\(remote)")
        }
        for local in ["mysql://localhost/a", "mysql://127.0.0.1/a", "mysql://[::1]/a", "mysql://db/a?socket=/run/s"] {
            #expect(try address(local).encryption == .disabled, "\(local)")
        }
        #expect(try address("mysql://db/a?ssl-mode=REQUIRED").encryption == .required)
        #expect(try address("mysql://localhost/a?ssl-mode=VERIFY_IDENTITY").encryption == .verifyIdentity)
        // It would take any certificate where there is none, in silence.
        #expect(throws: SQLError(.badAddress, reason: "")) { try address("mysql://db/a?ssl-mode=preferred") }
    }

    @Test("a host name without a port means the socket, with a port TCP")
    func transport() throws {
        #expect(try !address("mysql://localhost/a").isTCP)
        #expect(try address("mysql://localhost:3307/a").isTCP)
        #expect(try address("mysql://db/a").isTCP)
        #expect(try !address("mysql://db/a?socket=/run/s").isTCP)
    }

    @Test("a password of its own goes before the one in the address")
    func ownPassword() throws {
        #expect(try address("mysql://bob:old@db/a", password: "new").password == "new")
        #expect(try address("mysql://bob:o%3Ald@db/a").password == "o:ld")
        #expect(try address("mysql://bob@db/a").password == nil)
    }

    @Test("nobody at the address is unavailable, and the password stays hidden")
    func nobody() async throws {
        for place in ["mysql://bob@127.0.0.1:1/a", "mysql://bob@localhost/a?socket=/nowhere/sql"] {
            let url = place.replacing("bob@", with: "bob:hunter2@")
            let error = await sqlError { _ = try await MariaDBDatabase(url: url) }
            #expect(error?.code == .unavailable)
            #expect(error?.reason.contains(place) == true)
            #expect(!everythingSaid(by: error).contains("hunter2"))
        }
    }

    @Test("a server that never answers is given up in time", .timeLimit(.minutes(1)))
    func silent() async throws {
        let server = try SilentServer()
        let options = MariaDBOptions(
            connectTimeout: .milliseconds(300), statementTimeout: .seconds(1), lockTimeout: .seconds(1))
        let error = await sqlError {
            _ = try await MariaDBDatabase(url: "mysql://bob@127.0.0.1:\(server.port)/a", options: options)
        }
        #expect(error?.code == .unavailable)
    }
}
