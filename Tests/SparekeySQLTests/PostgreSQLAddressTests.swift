import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyPostgreSQL

@Suite("The address of a PostgreSQL server")
struct PostgreSQLAddressTests {
    private func address(_ text: String, password: String? = nil) throws -> PostgreSQLAddress {
        try PostgreSQLAddress(text, password: password, options: PostgreSQLOptions())
    }

    @Test(
        "the place never holds the password",
        arguments: [
            ("postgres://bob:hunter2@db.example.org:5433/auth", "postgres://bob@db.example.org:5433/auth"),
            ("postgresql://bob:hunt%40er2@db/auth?sslmode=disable", "postgres://bob@db/auth"),
            ("postgres://bob@db/auth?password=hunter2", "postgres://bob@db/auth"),
            ("postgres://bob:hunter2@one:1,two:2/auth", "postgres://bob@one:1,two:2/auth"),
            ("postgres://bob:hunter2@[::1]:5432/auth", "postgres://bob@[::1]:5432/auth"),
            ("postgres:///auth?host=/run/pg&user=bob&password=hunter2", "postgres://bob@/auth?host=/run/pg"),
            ("host=db user=bob password='hunter2 x' dbname=auth", "postgres://bob@db/auth"),
            ("postgres://b%0Aob:hunter2@db/a%1B", "postgres://b%0Aob@db/a%1B"),
        ])
    func place(_ text: String, _ place: String) throws {
        #expect(try address(text).place == place)
    }

    @Test(
        "an address whose password was read as something else is refused without a word of it",
        arguments: [
            "postgres://bob:hun@ter2@db/auth", "postgres://bob:hun/ter2@db/auth",
            "postgres://bob:12/hunter2@db/auth", "postgres://bob:hunter2%zz@db/auth", "hunter2",
        ])
    func misread(_ text: String) async throws {
        let error = await sqlError { _ = try address(text) }
        #expect(error?.code == .badAddress)
        #expect(error?.reason.contains("ter2") == false)
        #expect(error?.cause == nil)
    }

    @Test("a server somewhere else has to show a certificate, unless the address says otherwise")
    func certificate() throws {
        for remote in ["postgres://db/a", "postgres://127.example.org/a", "postgres://localhost,db/a", "service=x"] {
            #expect(try address(remote).parameters["sslmode"] == "verify-full", "\(remote)")
        }
        for local in [
            "postgres://localhost/a", "postgres://127.0.0.1/a", "postgres://[::1]/a", "postgres:///a?host=/run",
        ] {
            #expect(try address(local).parameters["sslmode"] == nil, "\(local)")
        }
        #expect(try address("postgres://db/a?sslmode=require").parameters["sslmode"] == "require")
    }

    @Test("a password of its own goes before the one in the address")
    func ownPassword() throws {
        #expect(try address("postgres://bob:old@db/a", password: "new").parameters["password"] == "new")
    }

    @Test("nobody at the address is unavailable, and the password stays hidden")
    func nobody() async throws {
        let error = await sqlError {
            _ = try await PostgreSQLDatabase(url: "postgres://bob:hunter2@127.0.0.1:1/a")
        }
        #expect(error?.code == .unavailable)
        #expect(error?.reason.contains("postgres://bob@127.0.0.1:1/a") == true)
        let said = everythingSaid(by: error)
        #expect(!said.contains("hunter2"))
    }

    @Test("a server that never answers is given up in time", .timeLimit(.minutes(1)))
    func silent() async throws {
        let server = try SilentServer()
        let options = PostgreSQLOptions(connectTimeout: .milliseconds(300))
        // Without the deadline this would wait for ever; how long it takes depends on what else the machine does.
        let error = await sqlError {
            _ = try await PostgreSQLDatabase(
                url: "postgres://bob@127.0.0.1:\(server.port)/a?sslmode=disable", options: options)
        }
        #expect(error?.code == .unavailable)
    }

    @Test(
        "an unknown database and an unknown user are told apart",
        .enabled(if: !TestDatabase.isWithoutPostgreSQL))
    func refusals() async throws {
        let server = try TestDatabase.server()
        let unknown = await sqlError { _ = try await PostgreSQLDatabase(url: server + "&dbname=nowhere") }
        #expect(unknown?.code == .unavailable)
        #expect(unknown?.reason.contains("no database of this name") == true)
        let stranger = await sqlError { _ = try await PostgreSQLDatabase(url: server + "&user=nobody-here") }
        #expect(stranger?.code == .denied)
    }
}
