import Foundation
import PasswordHashing
import SparekeyApps
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("The profiles in the program")
struct ShippedProfileTests {
    static let inDatabases = [
        "actual-budget", "audiobookshelf", "bookstack", "discourse", "django", "firefly-iii", "flashcard-flow",
        "ghost", "gitea", "gitlab", "grafana", "immich", "jellyfin", "kanboard", "kavita", "keycloak", "listsome",
        "lldap", "mastodon", "mealie", "mediawiki", "memos", "metabase", "miniflux", "n8n", "nextcloud", "nexus",
        "nginx-proxy-manager", "odoo", "open-webui", "outline", "palmr", "proxmox-manager-portal", "snipe-it",
        "sonarr", "umami", "uptime-kuma", "vaultwarden", "vikunja", "wikijs", "wordpress",
    ]
    static let names = (inDatabases + FileProgramTests.names).sorted()
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    @Test("are all there, each by the name of its file")
    func complete() throws {
        #expect(try ProfileShelf().profiles().map(\.name) == Self.names)
        // One that is asked for by its name is read alone.
        for name in try ProfileShelf().names { #expect(try ProfileShelf().named(name).name == name) }
        for profile in try ProfileShelf().profiles() { #expect(profile.origin == .shipped) }
    }

    @Test("say only what stands in the program's own schema", arguments: inDatabases)
    func schema(name: String) async throws {
        let profile = try ProfileShelf().named(name)
        let kind: TestDatabase.Kind = profile.databases.contains(.sqlite) ? .sqlite : .postgreSQL
        // One for MariaDB alone is held against its fixture by Tests/RealApps/profiles_fixtures.py.
        guard TestDatabase.Kind.all.contains(kind), profile.databases != [.mariadb] else { return }
        try await TestDatabase.with(kind) { test in
            let columns = try await Self.columns(of: Self.fixture(name), in: test)
            for (table, column, mayBeMissing) in profile.named where !mayBeMissing {
                #expect(columns[table]?.contains(column) == true, "\(table).\(column)")
            }
            for mark in profile.marks { #expect(columns[mark] != nil, "\(mark)") }
        }
    }

    @Test("find in their fixtures only values that they can read, or refuse", arguments: inDatabases)
    func values(name: String) async throws {
        let profile = try ProfileShelf().named(name)
        guard profile.databases.contains(.sqlite) else { return }
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            try await Self.load(Self.fixture(name), into: database)
            for place in profile.accounts {
                guard case .table(let table) = place.store else { continue }
                for credential in place.credentials where credential.table == nil {
                    let rows = try await database.transaction(.read) {
                        try $0.query("SELECT * FROM \(identifier: table)")
                    }
                    try Self.check(rows.map { credential.stored(in: $0) }, against: credential)
                }
            }
            await database.close()
        }
    }

    /// Every value that is there fits the password of the fixtures by a format that the profile reads.
    static func check(_ stored: [StoredCredential], against credential: Credential) throws {
        let whole = stored.filter { value in credential.columns.keys.allSatisfy { value[$0] != nil } }
        let values = whole.filter { $0[.hash]?.isEmpty == false && $0[.hash]?.hasPrefix("!") == false }
        #expect(!values.isEmpty)
        for value in values where value[.hash] != "LDAP" {
            let format = try #require(CredentialFormats.standard.identify(value, among: credential.reads))
            guard !format.needsUsername else { continue }
            let password = Password(utf8: "meadow-Copper-74-signal")
            #expect(try format.verify(password, against: value, inputs: CredentialInputs()), "\(format.name)")
        }
    }

    private static func fixture(_ name: String) throws -> String {
        try String(contentsOf: root.appending(path: "Fixtures/apps/\(name).sql"), encoding: .utf8)
    }

    private static func load(_ script: String, into database: any SQLDatabase) async throws {
        try await AppFixture.run(script, in: database)
    }

    /// Which columns each table of the script has, as the database tells it.
    private static func columns(of script: String, in test: TestDatabase) async throws -> [String: Set<String>] {
        let database = try await test.open()
        try await load(script, into: database)
        let query: SQLStatement =
            test.kind == .sqlite
            ? "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
            : "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = current_schema()"
        let rows = try await database.transaction(.read) { try $0.query(query) }
        await database.close()
        return try Dictionary(grouping: rows) { try $0.text("t") }.mapValues { Set(try $0.map { try $0.text("c") }) }
    }
}

extension Profile {
    /// Every column that it names in the database, with its table.
    fileprivate var named: [(table: String, column: String, mayBeMissing: Bool)] {
        accounts.flatMap { place -> [(table: String, column: String, mayBeMissing: Bool)] in
            guard case .table(let table) = place.store else { return [] }
            let identity = place.identity
            let own = [place.id, identity.username, identity.email].compactMap(\.self) + identity.name
            let asked =
                place.only + place.states.map(\.condition) + place.refusals.map(\.condition)
                + [place.role?.condition].compactMap(\.self)
            let read =
                asked.flatMap { $0.rows.named($0.column, else: table) }
                + place.lookups.flatMap { $0.rows.named($0.column, else: table) }
            let keyed = place.credentials.flatMap { credential in
                credential.table.map { table in
                    ([table.key] + table.only.map(\.column) + credential.columns.values.map(\.column)).map {
                        (table: table.table, column: $0, mayBeMissing: false)
                    }
                } ?? []
            }
            return (own + place.writtenColumns).map { (table, $0, false) } + read + keyed
                + place.effects.flatMap(\.elsewhere)
        }
    }
}

extension OtherRows? {
    fileprivate func named(_ column: String, else home: String) -> [(
        table: String, column: String, mayBeMissing: Bool
    )] {
        guard let self else { return [(home, column, false)] }
        return ([column] + [self.key].compactMap(\.self) + self.only.map(\.column)).map { (self.table, $0, false) }
    }
}

extension SideEffect {
    fileprivate var elsewhere: [(table: String, column: String, mayBeMissing: Bool)] {
        switch change {
        case .set: []
        case .update(let table, let assignments, let terms):
            (assignments.map(\.column) + terms.map(\.column)).map { (table, $0, mayBeMissing) }
        case .delete(let table, let terms): terms.map { (table, $0.column, mayBeMissing) }
        }
    }
}

extension Credential {
    fileprivate func stored(in row: SQLRow) -> StoredCredential {
        StoredCredential(
            columns.compactMapValues { field in
                if case .integer(let number) = row[field.column] { return String(number) }
                return try? row.text(field.column)
            })
    }
}
