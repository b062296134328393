import Testing

@testable import SparekeyApps

@Suite("What a program's tables begin with")
struct TablePrefixTests {
    static let withPrefix = ["bookstack", "mediawiki", "n8n", "nextcloud", "snipe-it", "wordpress"]

    @Test("is the usual one unless another is named, in tables and in values", arguments: withPrefix)
    func named(name: String) throws {
        let shelf = try ProfileShelf()
        let (usual, other) = (try shelf.named(name), try shelf.named("\(name):blog7_"))
        let prefix = try #require(usual.prefix)
        #expect(usual.reference == name && other.reference == "\(name):blog7_")
        #expect(try shelf.named("\(name):\(prefix.usual)") == usual)
        #expect(try shelf.named(other.reference) == other)
        let begins = { (table: String) in "blog7_" + table.dropFirst(prefix.usual.count) }
        #expect(other.tablesNamed == Set(usual.tablesNamed.map(begins)))
        #expect(other.marks == usual.marks.map(begins))
        #expect(other.name == usual.name && other.title == usual.title)
    }

    @Test("is part of the keys that WordPress names after it")
    func values() throws {
        let role = try ProfileShelf().named("wordpress:blog7_").accounts.first?.role?.condition
        #expect(role?.rows?.table == "blog7_usermeta")
        #expect(role?.rows?.only == [Condition(column: "meta_key", test: .isOneOf([.text("blog7_capabilities")]))])
    }

    @Test("is seen in the tables where nobody said it, and nowhere else")
    func candidates() throws {
        let shelf = try ProfileShelf()
        func found(_ reference: String, _ names: [String]) throws -> [String] {
            try shelf.meant(by: reference).candidates(among: Set(names)).map(\.reference)
        }
        let blog = ["blog7_users", "blog7_options", "blog7_posts"]
        let usual = ["wp_users", "wp_options", "wp_posts"]
        #expect(try found("wordpress", blog) == ["wordpress:blog7_"])
        #expect(try found("wordpress", blog + usual) == ["wordpress:blog7_", "wordpress"])
        #expect(try found("wordpress", blog + ["wp_users"]) == ["wordpress:blog7_"])
        #expect(try found("wordpress", ["wp_2_options", "wp_2_posts"] + usual) == ["wordpress"])
        #expect(try found("wordpress", ["users"]) == ["wordpress"])
        #expect(try found("wordpress:wp_", blog) == ["wordpress"])
        #expect(try found("wordpress:x_", blog) == ["wordpress:x_"])
        #expect(try found("wordpress", blog.map { "a\"" + $0 }) == ["wordpress"])
        #expect(try found("mediawiki", ["user", "user_properties", "site_stats"]) == ["mediawiki"])
        #expect(try found("gitea", ["x_user"]) == ["gitea"])
    }

    @Test("is looked for up to a bound")
    func bounded() throws {
        let names = (0..<1_000).flatMap { ["s\($0)_users", "s\($0)_options", "s\($0)_posts"] }
        #expect(try ProfileShelf().meant(by: "wordpress").candidates(among: Set(names)).count == TablePrefix.most)
    }

    @Test(
        "is refused where no program would take it, or has none",
        arguments: ["wordpress:b-7", "wordpress:a\"b", "wordpress:a b", "django:x_", "nothing:x_", "wordpress:a:b"]
            + ["wordpress:" + String(repeating: "a", count: 25)])
    func refused(reference: String) throws {
        let shelf = try ProfileShelf()
        #expect(throws: AppsError(.unknownProfile, reason: "")) { try shelf.named(reference) }
        #expect(throws: AppsError(.unknownProfile, reason: "")) { try shelf.meant(by: reference) }
    }
}
