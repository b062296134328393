import Testing

@testable import SparekeyApps

/// What a profile may not be, by a table: each row spoils one line of a profile that is right.
@Suite("A profile's document")
struct ProfileReadingTests {
    struct Spoilt: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        /// What the error says behind the file's name.
        let words: String

        init(_ old: String, _ new: String, _ words: String) {
            self.old = old
            self.new = new
            self.words = words
        }

        var testDescription: String { String(new.prefix(60)) }
    }

    static let right = """
        profile: thing
        title: The Thing
        versions: 1 to 3
        written_from: {source: its schema, commit: 0a1b2c, files: [schema.sql]}
        databases: [sqlite, postgresql]
        accounts:
          - table: people
            id: id
            find: [{column: login, compare: lower}]
            shows: {username: login, email: mail}
            states: [{column: active, is: false, blocks: true, say: the account is off}]
            refuse: [{column: secret, is: [null, ''], reason: it has none, way_out: ask}]
            credentials:
              - name: password
                columns: {hash: secret}
                reads: [bcrypt]
                writes: [{format: bcrypt, cost: 12, floor: 10, prefix: 2y}]
            must_change: {column: renew, on: 1, off: 0}
            on_reset:
              - {purpose: stamp, set: {changed: {now: milliseconds}, mark: {random: hex, bytes: 20}}}
              - {purpose: sessions, delete_from: sessions, where: {person: {account: id}, kind: web}}
              - {purpose: sessions, update: keys, set: {ended: true}, where: {who: {account: login, compare: lower}}}
        policy: {min_length: 8}
        afterwards: [Restart it.]
        """

    static let names: [Spoilt] = [
        .init("profile: thing", "profile: Thing", "line 1: profile: expected 1 to 32 lower-case"),
        .init("profile: thing", "profile: [thing]", "line 1: profile: expected one value"),
        .init("profile: thing\n", "", "line 1: profile: is missing"),
        .init("title:", "titel:", "line 2: titel: there is no such key; expected one of profile, title"),
        .init("versions: 1 to 3", "versions: \"a\\u202eb\"", "line 3: versions: expected a text of one line"),
        .init("commit: 0a1b2c", "commit: main", "line 4: written_from.commit: expected a commit's hexadecimal"),
        .init("[sqlite, postgresql]", "[oracle]", "line 5: databases: expected sqlite, postgresql, mariadb"),
        .init("[sqlite, postgresql]", "[]", "databases: expected sqlite"),
        .init("postgresql]", "postgresql]\nprefix: x-", "line 6: prefix: expected at most 24 letters"),
        .init(
            "postgresql]", "postgresql]\nprefix: x_",
            "line 6: prefix: expected every table to begin with <prefix>, and keys"),
        .init("table: people", "table: <prefix>people", "line 7: prefix: is missing; expected what <prefix>"),
        .init("table: people", "table: 'people; DROP'", "line 7: accounts.1.table: expected the name of a table"),
        .init("table: people", "tabel: people", "line 7: accounts.1.tabel: there is no such key"),
        .init("id: id\n", "id: null\n", "line 8: accounts.1.id: expected one value"),
        .init("compare: lower}]\n    shows", "compare: folded}]\n    shows", "expected exact, lower, any_case"),
        .init(
            "compare: lower}]\n    shows", "compare: lower, table: {name: mails}}]\n    shows",
            "accounts.1.find.1.table.key: is missing; expected the column that names the account"),
        .init(
            "{username: login, email: mail}", "{name: login}",
            "accounts.1.shows.username: expected a username or an email"),
        .init("table: people", "document: ../people.json", "accounts.1.document: expected a path below the folder"),
        .init("table: people", "document: people.json", "accounts.1.document: expected no other table"),
        .init("min_length: 8", "min_length: eight", "policy.min_length: expected a whole number from 0 to 64"),
    ]

    static let credentials: [Spoilt] = [
        .init("reads: [bcrypt]", "reads: [rot13]", "credentials.1.reads: "),
        .init(
            "reads: [bcrypt]", "reads: [argon2id]", "credentials.1.reads: expected bcrypt too, because it is written"),
        .init("format: bcrypt,", "format: md5-crypt,", "expected a format that can be made"),
        .init(
            "format: bcrypt,", "format: rot13,",
            "there is no format rot13; expected one that sparekey hash formats shows"),
        .init("cost: 12", "cost: 99", "cost=99 is outside 4 to 16"),
        .init("cost: 12", "cost: high", "bcrypt takes a cost such as 12"),
        .init("floor: 10", "floor: 13", "floor: expected no more than the cost, 12"),
        .init("prefix: 2y", "prefix: 2x", "prefix: expected one of 2b, 2a, 2y"),
        .init(
            "columns: {hash: secret}", "columns: {hash: secret, salt: salt}",
            "columns: expected hash, the parts of bcrypt"),
        .init("columns: {hash: secret}", "columns: {salt: salt}", "columns: expected at least the column of the hash"),
        .init("name: password\n", "name: password\n        pepper: site\n", "pepper: expected none with bcrypt"),
    ]

    static let changes: [Spoilt] = [
        .init("is: false,", "is: false, begins: x,", "states.1.is: expected one of is, is_not, begins and contains"),
        .init("is: false,", "contains: '',", "states.1.contains: expected a text"),
        .init("reason: it has none,", "", "refuse.1.reason: is missing"),
        .init(
            "purpose: stamp", "purpose: fun", "on_reset.1.purpose: expected lockout, tokens, sessions, devices, stamp"),
        .init("now: milliseconds", "now: fortnights", "on_reset.1.set.changed.now: expected seconds"),
        .init("bytes: 20", "bytes: 2", "set.mark.bytes: expected a whole number from 8 to 128"),
        .init(
            "where: {person: {account: id}, kind: web}", "where: {kind: web}", "or rows of everybody would be changed"),
        .init(", where: {person: {account: id}, kind: web}", "", "on_reset.2.where: expected a column that equals"),
        .init(
            "delete_from: sessions", "delete_from: sessions, set: {a: 1}",
            "expected set, update with set, or delete_from"),
        .init("changed: {now: milliseconds}", "secret: x", "expected secret to be written once"),
        .init("must_change: {column: renew", "must_change: {column: secret", "expected secret to be written once"),
        .init("afterwards: [Restart it.]", "run: /bin/sh", "there is no such key"),
        .init(
            "afterwards: [Restart it.]", "hooks: [{label: h, what: x, without: y, url: z}]",
            "hooks.1.url: there is no such key"),
        .init(
            "afterwards: [Restart it.]", "hooks: [{label: h, what: x, without: y, bearer: s}]",
            "hooks.1.bearer: expected a label that stands under secrets"),
        .init(
            "afterwards: [Restart it.]",
            "login: {sends: form, name_field: u, password_field: p, accepts: [302], refuses: [302]}",
            "login.refuses: expected none of those that stand under accepts"),
        .init(
            "afterwards: [Restart it.]", "login: {sends: form, name_field: u, password_field: p, accepts: [302]}",
            "login.refuses: expected at least one HTTP status"),
        .init(
            "afterwards: [Restart it.]", "login: {sends: form, url: \"https://x.example.org\"}",
            "login.url: there is no such key"),
        .init("afterwards: [Restart it.]", "refuse: {reason: a, way_out: b}", "accounts: expected none beside refuse"),
    ]

    static let shapes: [Spoilt] = [
        .init("title: The Thing", "title: &t The Thing", "line 2: anchors and aliases are not used"),
        .init("title: The Thing", "title: !!str The Thing", "line 2: tags are not used"),
        .init("title: The Thing", "title: a\ntitle: b", "title is given twice"),
        .init("title: The Thing", "title: 'a", "not valid YAML"),
        .init(
            "title: The Thing", "title: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
            "nested too deeply"),
        .init("title: The Thing", "title: " + String(repeating: "a", count: 300_000), "larger than 256 KiB"),
        .init("title: The Thing", "title: " + String(repeating: "{a: ", count: 50_000), "not valid YAML"),
        .init(right, "", "expected a profile, found nothing"),
        .init(right, "- a", "line 1: expected keys and values"),
    ]

    static func read(_ yaml: String) throws -> Profile {
        try Profile(yaml: yaml, file: "thing.yaml", origin: .file("thing.yaml"))
    }

    @Test("that is right is read whole")
    func reads() throws {
        let profile = try Self.read(Self.right)
        let place = try #require(profile.accounts.first)
        #expect(place.store == .table("people"))
        #expect(place.lookups == [Lookup(column: "login", comparison: .lower)])
        #expect(place.credentials.first?.writes.first?.variant == "2y")
        #expect(place.writtenColumns == ["secret", "renew", "changed", "mark"])
        #expect(profile.databases == [.sqlite, .postgresql])
        let words = ProfileDescription(profile).sections.flatMap(\.lines)
        #expect(
            words.contains(
                "rows of sessions where person is the account's id and kind is web are deleted, to end sessions"))
        #expect(words.contains("when secret is null or empty: it has none; instead: ask"))
    }

    @Test("is refused with file, line, key and what was expected", arguments: names + credentials + changes + shapes)
    func refuses(_ row: Spoilt) throws {
        try #require(Self.right.contains(row.old))
        let error = #expect(throws: AppsError(.badProfile, reason: "")) {
            try Self.read(Self.right.replacing(row.old, with: row.new, maxReplacements: 1))
        }
        #expect(error?.reason.hasPrefix("thing.yaml") == true)
        #expect(error?.reason.contains(row.words) == true, "\(error?.reason ?? "")")
    }

    @Test("that is refused is not quoted beyond its keys")
    func quotesNothing() {
        for spoilt in ["hunter2: [", "profile: hunter2!", "profile: &hunter2 thing", "title: \"hunter2\\q\""] {
            let error = #expect(throws: AppsError.self) { try Self.read("a: b\n\(spoilt)") }
            #expect(spoilt.hasPrefix("hunter2") || error?.description.contains("hunter2") == false)
        }
    }
}
