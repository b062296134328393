import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

@Suite("Listing accounts")
struct AccountListingTests {
    private static func names(_ fixture: StoreFixture, _ search: String?, limit: Int) async throws -> [String] {
        var seen: [String] = []
        var after: String?
        repeat {
            let page = try await fixture.store.list(search: search, after: after, limit: limit)
            seen += page.accounts.map(\.username)
            after = page.next
            // A listing that begins again and again would never end.
        } while after != nil && seen.count < 100
        return seen
    }

    @Test("who is found by the e-mail alone comes last, and nobody twice", arguments: TestDatabase.Kind.all)
    func search(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            for (name, email) in [
                ("ada", "zoe@x.org"), ("adam", "ada@x.org"), ("Adele", nil), ("bob", "ADA.b@x.org"),
                ("carl", "a@x.org"), ("aaron", "adam@x.org"), ("zoe", "carl@ada.org"), ("\u{E9}mile", "ad@x.org"),
            ] { try await fixture.add(name, email: email) }
            let found = [
                "ada": ["ada", "adam", "bob", "aaron"], "ad": ["ada", "adam", "Adele", "\u{E9}mile", "bob", "aaron"],
                "zoe": ["zoe", "ada"], "carl": ["carl", "zoe"], "ada@": ["adam"], "\u{E9}": ["\u{E9}mile"], "x": [],
            ]
            for (search, wanted) in found {
                for limit in [1, 2, 3, 100] {
                    #expect(try await Self.names(fixture, search, limit: limit) == wanted, "\(search) by \(limit)")
                }
            }
        }
    }

    @Test("a page begins where the one before ended, whoever is gone by then", arguments: TestDatabase.Kind.all)
    func gone(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            for name in ["ada", "adam", "zoe"] { try await fixture.add(name) }
            for name in ["bob", "carl"] { try await fixture.add(name, email: "ad-\(name)@x.org") }
            for (after, next) in [("ada", "adam"), ("adele", "bob"), ("ad-bob@x.org", "carl")] {
                let page = try await fixture.store.list(search: "ad", after: after, limit: 1)
                #expect(page.accounts.map(\.username) == [next], "after \(after)")
                _ = try await fixture.store.database.transaction(.write) {
                    try $0.execute("DELETE FROM account WHERE username = \(next)")
                }
            }
            #expect(try await fixture.store.list(search: "ad", after: "ad-carl@x.org", limit: 1).accounts.isEmpty)
        }
    }

    @Test("every page of many accounts is read from an index, in its order", arguments: TestDatabase.Kind.all)
    func plans(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            try await fixture.store.database.transaction(.write) { connection in
                // Their e-mails are in another order than their names.
                try connection.execute(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                    INSERT INTO account (id, username, username_key, email, email_key, display_name, role, active,
                      require_password_change, created_at)
                    SELECT 'id' || i, 'user' || (i + 20000), 'user' || (i + 20000), 'e', 'mail' || (i * 7919 % 20000 + 20000),
                      'User', 'user', 1, 0, 0 FROM n
                    """)
                if connection.dialect == .postgreSQL { try connection.execute("ANALYZE account") }
                for (prefix, after) in [
                    ("", nil), ("", "user39000"), ("user2", nil), ("user2", "user29000"), ("user29999", nil),
                    ("mail2", nil), ("mail2", "mail29000@"), ("mail29999", nil),
                ] {
                    let listing = AccountListing(prefix: prefix, after: after, limit: 25)
                    let statements = [
                        ("username", listing.byUsername(26)), ("email", listing.byEmail(26)),
                    ]
                    for (key, statement) in statements {
                        guard let statement else { continue }
                        try Self.expectOrdered(statement, by: key, connection)
                    }
                }
            }
        }
    }

    /// The index bounds what is read on both sides, where there is something to find, and nothing is sorted.
    private static func expectOrdered(
        _ statement: SQLStatement, by key: String, _ connection: any SQLConnection
    ) throws {
        let isSQLite = connection.dialect == .sqlite
        let explain: SQLStatement = isSQLite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
        let plan = "\(try connection.query("\(part: explain)\(part: statement)"))"
        let wanted =
            isSQLite
            ? ["SEARCH account USING INDEX", "(\(key)_key>? AND \(key)_key<?)"]
            : ["Index Scan using account_\(key)_key_key", "Index Cond: ((\(key)_key >"]
        for part in wanted { #expect(plan.contains(part), "\(statement): \(plan)") }
        for part in ["TEMP B-TREE", "Sort", "SCAN", "Seq Scan"] {
            #expect(!plan.contains(part), "\(statement): \(plan)")
        }
    }
}
