import ArgumentParser
import Testing

@testable import SparekeyCLI

@Suite("A command that is shown to be typed next")
struct NextCommandTests {
    private func common(_ words: String...) throws -> CommonOptions { try CommonOptions.parse(words) }

    @Test("names the same instance, and the same database where that is asked for")
    func same() throws {
        let options = try common("--data", "/srv/a b", "--database", "/srv/it's.db")
        #expect(options.command("undo 1", withDatabase: false) == "sparekey undo 1 --data '/srv/a b'")
        #expect(
            options.command("undo 1", withDatabase: true)
                == #"sparekey undo 1 --data '/srv/a b' --database '/srv/it'\''s.db'"#)
    }

    @Test(
        "holds no password of an address",
        arguments: [
            "postgres://ada:S3cret@db.example.org:5432/app", "mysql://ada:S3cret@localhost/app?socket=/run/sql",
            "postgres://ada@/app?host=/run&password=S3cret", "mariadb://ada:S3cret@db/app",
            "postgres://ada:S3cret@S3cret@db/app",
        ])
    func secret(_ address: String) throws {
        let shown = try common("--database", address).command("undo 1", withDatabase: true)
        #expect(!shown.contains("S3cret") && shown.contains("ada@"))
    }
}
