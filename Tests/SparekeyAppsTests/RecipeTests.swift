import PasswordHashing
import SparekeyApps
import Testing

@Suite("What a new stored value is made with")
struct RecipeTests {
    let django: Credential
    let gitea: Credential

    init() throws {
        let shelf = try ProfileShelf()
        django = try #require(shelf.named("django").accounts.first?.credentials.first)
        gitea = try #require(shelf.named("gitea").accounts.first?.credentials.first)
    }

    func recipe(_ credential: Credential, _ stored: StoredCredential?) throws -> String {
        let recipe = try credential.recipe(replacing: stored)
        return "\(recipe.format) \(recipe.cost) \(recipe.variant ?? "-")"
    }

    @Test("is the format, prefix and cost of the value that it replaces, where the program is written in that format")
    func copied() throws {
        let bcrypt = "bcrypt_sha256$$2y$11$0Ce4Rw1Q/QTNKOgvRuT5mu.O1cl.guYPyhDlQEJ6ASJevSuC/ZV7i"
        #expect(try recipe(django, StoredCredential(hash: bcrypt)) == "django-bcrypt-sha256 11 2y")
        let strong = "pbkdf2_sha256$1200000$00ab721fcc9073d34e09ce$/iY80YVGoZGZSYor14D4fEC2mexdsP8hcARa6T6PtvQ="
        #expect(try recipe(django, StoredCredential(hash: strong)) == "django-pbkdf2-sha256 1200000 -")
        var stored = StoredCredential(hash: String(repeating: "0a", count: 50))
        stored[.salt] = "0102030405060708090a0b0c0d0e0f10"
        stored[.algorithm] = "pbkdf2$320000$50"
        #expect(try recipe(gitea, stored) == "gitea-pbkdf2 320000 -")
    }

    @Test("never falls below the floor that the profile sets")
    func floor() throws {
        let old = "pbkdf2_sha256$260000$00ab721fcc9073d34e09ce$/iY80YVGoZGZSYor14D4fEC2mexdsP8hcARa6T6PtvQ="
        #expect(try recipe(django, StoredCredential(hash: old)) == "django-pbkdf2-sha256 600000 -")
        let cheap =
            "argon2$argon2id$v=19$m=64,t=3,p=4$RJywLCfSJ8M4zMP+vN10mA$LfMXTY8yPln5RLQMz5wGtsEhg8kolgRaNa8bLtcdNas"
        #expect(try recipe(django, StoredCredential(hash: cheap)) == "django-argon2id m=19456,t=3,p=4 -")
        var stored = StoredCredential(hash: String(repeating: "0a", count: 50))
        stored[.salt] = "0123456789"
        stored[.algorithm] = "pbkdf2"
        #expect(try recipe(gitea, stored) == "gitea-pbkdf2 50000 -")
    }

    @Test(
        "is the program's own default where there is no value, or one that cannot be copied",
        arguments: [
            nil, "", "md5$salt$0123", "pbkdf2_sha256$9999999$salt$/iY80YVGoZGZSYor14D4fEC2mexdsP8hcARa6T6PtvQ=",
        ])
    func fallback(hash: String?) throws {
        #expect(try recipe(django, hash.map(StoredCredential.init(hash:))) == "django-pbkdf2-sha256 1000000 -")
    }
}
