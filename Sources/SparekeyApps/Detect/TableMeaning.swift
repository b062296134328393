/// What the name of a table says that lies in it.
struct TableMeaning {
    let words: NameWords

    init(_ name: String) {
        words = NameWords(name)
    }

    /// 35 for `users`, less for what may be accounts, negative for what hangs on them.
    var accounts: Int {
        if words.has(Self.beside) { return -40 }
        let subject = words.subject
        // `phpuser`, `userprofile`: names that were never split.
        let isJoined = subject.count <= 14 && (subject.hasSuffix("user") || subject.hasPrefix("user"))
        return Self.people[subject] ?? (isJoined ? 25 : 0)
    }

    /// Whether passwords may lie in it apart from the accounts: `user_passwords`, `credential`.
    var isCredentials: Bool {
        !words.has(Self.beside) && ["password", "credential", "auth", "login", "account"].contains(words.subject)
    }

    /// Whether rows of it are signed-in browsers, and not, say, what was listened to.
    var isSessions: Bool {
        guard !words.has(Self.otherSessions) else { return false }
        if words.has(["session", "sessions"]) {
            return words.words.allSatisfy(Self.sessionWords.contains)
        }
        return ["authtoken", "rememberme", "refreshtoken", "refreshtokens", "userauthtoken", "userauthtokens"]
            .contains { words.joined.hasSuffix($0) }
    }

    /// Whether rows of it are links and codes to reset a password.
    var isResets: Bool {
        words.has(["password", "passwd"]) && words.has(["reset", "resets", "forgot", "recovery", "recoveries"])
    }

    /// Whether rows of it count sign-ins that failed.
    var isLockouts: Bool {
        let failures = words.has(["failed", "failures", "attempts", "attempt", "lockout", "lockouts"])
        return failures && words.has(["login", "logins", "signin", "auth", "lockout", "lockouts"])
    }

    /// Keys that a program keeps beside the password; they are named and not touched.
    var isKeys: Bool {
        words.has(["key", "keys", "token", "tokens"])
            && words.has(["api", "access", "user", "auth", "personal", "authtoken"])
            && !isSessions && !isResets
    }

    /// For the choice of tables that are looked at where there are very many.
    var interest: Int {
        accounts + (isCredentials ? 30 : 0) + (isSessions || isResets || isLockouts ? 80 : 0)
    }
}

extension TableMeaning {
    private static let people: [String: Int] = [
        "user": 35, "account": 30, "member": 25, "login": 20, "person": 20, "admin": 22, "administrator": 22,
        "operator": 15, "employee": 15, "staff": 20, "customer": 12, "subscriber": 8, "auth": 15, "profile": 6,
        "player": 12, "student": 12, "teacher": 12, "credential": 5, "identity": 8, "principal": 12,
    ]
    private static let beside: Set<String> = [
        "session", "sessions", "token", "tokens", "reset", "resets", "key", "keys", "share", "shares", "shared", "link",
        "links", "history", "log", "logs", "audit", "audits", "setting", "settings", "role", "roles", "permission",
        "permissions", "invite", "invites", "invitation", "invitations", "device", "devices", "oauth", "client",
        "clients",
        "application", "applications", "passkey", "passkeys", "request", "requests", "attempt", "attempts", "activity",
        "activities", "notification", "notifications", "archive", "backup", "old", "deleted", "temp", "temporary",
        "group",
        "groups", "preference", "preferences", "metadata", "option", "options", "meta", "email", "emails", "ip", "ips",
        "pending", "banned", "follow", "follows", "block", "blocks", "list", "lists", "item", "items", "feed", "feeds",
        "tag", "tags", "vote", "votes", "comment", "comments", "bookmark", "bookmarks", "badge", "badges", "team",
        "teams",
        "project", "projects", "api", "external", "ldap", "saml", "oidc", "social", "attribute", "attributes", "config",
        "migration", "migrations", "access", "federated", "webauthn", "mfa", "totp", "stat", "stats",
    ]
    private static let sessionWords: Set<String> = [
        "session", "sessions", "user", "users", "web", "auth", "login", "core", "http", "account", "active", "db",
        "activation", "activations", "browser",
    ]
    private static let otherSessions: Set<String> = [
        "playback", "chat", "game", "upload", "play", "reading", "listening",
    ]
}
