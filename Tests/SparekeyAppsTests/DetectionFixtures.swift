import SparekeyApps
import SparekeySQL
import SparekeyTesting

/// What a person would say of each fixture, who knows the program.
struct ExpectedAccounts: Sendable {
    let name: String
    let table: String
    /// Any of these names somebody; empty where no column but the address does.
    let usernames: Set<String>
    let email: String?
    let password: String
    /// Any of these: an older program's rows are stored in several.
    let formats: Set<String>
    let kinds: [TestDatabase.Kind]

    init(
        _ name: String, _ table: String, _ usernames: Set<String>, _ email: String?, _ password: String,
        _ formats: String...,
        on kinds: [TestDatabase.Kind] = [.sqlite]
    ) {
        (self.name, self.table, self.usernames, self.email) = (name, table, usernames, email)
        (self.password, self.formats, self.kinds) = (password, Set(formats), kinds)
    }

    private static let postgreSQL: [TestDatabase.Kind] = [.sqlite, .postgreSQL]
    private static let mariaDB: [TestDatabase.Kind] = [.sqlite, .mariaDB]

    static let all = [
        ExpectedAccounts("actual-budget", "auth", [], nil, "extra_data", "bcrypt"),
        ExpectedAccounts("audiobookshelf", "users", ["username"], "email", "pash", "bcrypt"),
        ExpectedAccounts("bookstack", "users", [], "email", "password", "bcrypt", on: mariaDB),
        ExpectedAccounts(
            "discourse", "users", ["username", "username_lower"], nil, "password_hash", "discourse-pbkdf2",
            on: postgreSQL),
        ExpectedAccounts("django", "auth_user", ["username"], "email", "password", "django-pbkdf2-sha256"),
        ExpectedAccounts("firefly-iii", "users", [], "email", "password", "bcrypt", on: mariaDB),
        ExpectedAccounts("flashcard-flow", "users", ["username"], "email", "password_hash", "argon2id", on: postgreSQL),
        ExpectedAccounts("ghost", "users", [], "email", "password", "bcrypt", on: mariaDB),
        ExpectedAccounts(
            "gitea", "user", ["name", "lower_name"], "email", "passwd", "gitea-pbkdf2", on: postgreSQL + [.mariaDB]),
        ExpectedAccounts("gitlab", "users", ["username"], "email", "encrypted_password", "bcrypt", on: [.postgreSQL]),
        ExpectedAccounts(
            "grafana", "user", ["login"], "email", "password", "grafana-pbkdf2", on: postgreSQL + [.mariaDB]),
        ExpectedAccounts("immich", "user", [], "email", "password", "bcrypt", on: [.postgreSQL]),
        ExpectedAccounts(
            "jellyfin", "Users", ["Username", "NormalizedUsername"], nil, "Password", "jellyfin-pbkdf2-sha512"),
        ExpectedAccounts("kanboard", "users", ["username"], "email", "password", "bcrypt"),
        ExpectedAccounts(
            "kavita", "AspNetUsers", ["UserName", "NormalizedUserName"], "Email", "PasswordHash",
            "aspnet-identity-sha512"),
        ExpectedAccounts(
            "keycloak", "user_entity", ["username"], "email", "secret_data", "keycloak-pbkdf2-sha512", on: postgreSQL),
        ExpectedAccounts("listsome", "account", [], "email", "password_hash", "argon2id"),
        ExpectedAccounts("mastodon", "users", [], "email", "encrypted_password", "bcrypt", on: postgreSQL),
        ExpectedAccounts("mealie", "users", ["username"], "email", "password", "bcrypt"),
        ExpectedAccounts("mediawiki", "user", ["user_name"], "user_email", "user_password", "mediawiki-pbkdf2-sha512"),
        ExpectedAccounts("memos", "user", ["username"], "email", "password_hash", "bcrypt"),
        ExpectedAccounts("metabase", "core_user", [], "email", "password", "metabase-bcrypt", on: postgreSQL),
        ExpectedAccounts("miniflux", "users", ["username"], nil, "password", "bcrypt", on: [.postgreSQL]),
        ExpectedAccounts("n8n", "user", [], "email", "password", "bcrypt", on: postgreSQL),
        ExpectedAccounts("nextcloud", "oc_users", ["uid", "uid_lower"], nil, "password", "nextcloud-argon2id"),
        ExpectedAccounts("nexus", "users", ["username"], "email", "password", "bcrypt"),
        ExpectedAccounts("nginx-proxy-manager", "user", [], "email", "secret", "bcrypt"),
        ExpectedAccounts("odoo", "res_users", ["login"], nil, "password", "passlib-pbkdf2-sha512", on: postgreSQL),
        ExpectedAccounts("open-webui", "auth", [], "email", "password", "bcrypt"),
        ExpectedAccounts("palmr", "users", ["username"], "email", "password", "bcrypt"),
        ExpectedAccounts(
            "proxmox-manager-portal", "users", ["username"], "email", "password", "bcrypt", on: [.postgreSQL]),
        ExpectedAccounts("snipe-it", "users", ["username"], "email", "password", "bcrypt", on: mariaDB),
        ExpectedAccounts("sonarr", "Users", ["Username"], nil, "Password", "sonarr-pbkdf2"),
        ExpectedAccounts("umami", "user", ["username"], nil, "password", "bcrypt", on: postgreSQL),
        ExpectedAccounts("uptime-kuma", "user", ["username"], nil, "password", "bcrypt"),
        ExpectedAccounts("vikunja", "users", ["username"], "email", "password", "bcrypt"),
        ExpectedAccounts("wikijs", "users", [], "email", "password", "bcrypt"),
        ExpectedAccounts(
            "wordpress", "wp_users", ["user_login"], "user_email", "user_pass", "wordpress-bcrypt", "phpass", "bcrypt",
            on: [.mariaDB]),
    ]
}

/// How one fixture was judged: each part for itself.
struct DetectionScore {
    let name: String
    let kind: TestDatabase.Kind
    /// Right or not, and how sure it was; nil where nothing was proposed.
    let parts: [(name: String, isRight: Bool, confidence: DetectedAccounts.Confidence?)]
    let hasProfile: Bool
    let found: DetectedAccounts?

    init(_ expected: ExpectedAccounts, _ kind: TestDatabase.Kind, _ found: DetectedAccounts?) {
        name = expected.name
        self.kind = kind
        self.found = found
        hasProfile = found?.profile != nil
        let username = found?.columns["username"]
        let isNamed = expected.usernames.isEmpty ? username == nil : username.map(expected.usernames.contains) == true
        let isIdentity = found != nil && isNamed && found?.columns["email"] == expected.email
        parts = [
            ("table", found?.table == expected.table, found?.parts.table),
            ("identity", isIdentity, found?.parts.identity),
            ("password", found?.columns["password"] == expected.password, found?.parts.password),
            ("format", found?.format.map(expected.formats.contains) == true, found?.parts.format),
        ]
    }

    /// A line of the table in Docs/detect.md.
    var line: String {
        let marks = parts.map { part in "\(part.isRight ? "right" : "wrong"), \(part.confidence?.rawValue ?? "nothing")"
        }
        return "| \(name) | \(Self.word(kind)) | \(marks.joined(separator: " | ")) | \(hasProfile ? "yes" : "no") |"
    }

    private static func word(_ kind: TestDatabase.Kind) -> String {
        switch kind {
        case .sqlite: "SQLite"
        case .postgreSQL: "PostgreSQL"
        case .mariaDB: "MariaDB"
        }
    }
}
