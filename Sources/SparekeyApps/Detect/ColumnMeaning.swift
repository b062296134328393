import SparekeySQL

/// What the name of a column says that lies in it. A name is a hint; values decide where there are any.
struct ColumnMeaning {
    private let words: NameWords
    private let joined: String

    init(_ name: String) {
        words = NameWords(name)
        joined = words.joined
    }

    /// 50 for `password_hash`, 25 for `secret`, 0 for what is no password's name.
    var password: Int {
        if Self.never.contains(joined) || words.has(Self.besidePassword) { return 0 }
        if words.has(Self.password) || Self.passwordNames.contains(joined) { return 50 }
        return words.has(Self.digests) && !words.has(Self.otherSecrets) ? 25 : 0
    }

    /// How well it names somebody who signs in; 0 for not at all.
    var username: Int { Self.usernames[joined] ?? 0 }

    var isEmail: Bool { Self.emails.contains(joined) }

    var isSalt: Bool { words.words.last == "salt" }

    var isAlgorithm: Bool { words.has(["algo", "algorithm"]) || joined == "credentialdata" }

    var isIterations: Bool { words.has(["iterations", "rounds"]) }

    /// A flag that somebody must choose a new password.
    var isMustChange: Bool {
        guard words.has(Self.password) || joined.contains("password") || joined.contains("pwd") else { return false }
        return words.has(["must", "require", "required", "requires", "should", "force", "needs", "need"])
            || joined.hasPrefix("mustchange")
    }

    /// A flag that is off where nobody signs in.
    var isActive: Bool {
        [
            "active", "isactive", "enabled", "isenabled", "activated", "isactivated", "useractive", "approved",
            "isapproved",
        ]
        .contains(joined)
    }

    /// A flag that is on where nobody signs in.
    var isDisabled: Bool {
        let names = ["disabled", "blocked", "banned", "suspended", "deleted", "locked", "deactivated", "inactive"]
        return names.contains(joined) || names.contains { joined == "is\($0)" } || joined == "prohibitlogin"
    }

    /// A time that is set where nobody signs in.
    var isDisabledSince: Bool {
        ["deletedat", "suspendedat", "disabledat", "bannedat", "deactivatedat"].contains(joined)
    }

    var isSecondFactor: Bool {
        let asks = words.has(["enabled", "active", "activated", "status", "required"]) || joined.hasPrefix("tfais")
        return asks && (words.has(Self.factors) || ["twofactor", "2fa"].contains { joined.contains($0) })
    }

    /// Counts sign-ins that failed.
    var isFailureCount: Bool {
        // How many are allowed is a setting and no count.
        !words.has(["before", "max", "maximum", "limit", "allowed", "lockout", "until", "last", "at", "time"])
            && words.has(["failed", "attempts", "attemps", "invalid"])
            && words.has(["login", "logins", "attempt", "attempts", "attemps", "signin", "count", "access"])
    }

    /// The time until which, or since when, nobody signs in for failures.
    var isLockedUntil: Bool {
        ["lockedat", "lockeduntil", "lockuntil", "lockoutend", "lockoutuntil", "lockexpirationdate", "lockedtill"]
            .contains(joined)
    }

    /// A link or code to reset the password that is on its way.
    var isResetToken: Bool {
        words.has(["reset", "forgot", "recovery"]) && words.has(["token", "code"]) && !words.has(Self.times)
    }

    var isRememberToken: Bool { joined == "remembertoken" }

    /// ASP.NET Identity ends sessions when it changes.
    var isSecurityStamp: Bool { joined == "securitystamp" }

    var isAdministratorFlag: Bool {
        ["isadmin", "admin", "issuperuser", "superuser", "isadministrator", "administrator", "isroot"].contains(joined)
    }

    var isRole: Bool { ["role", "userrole", "roles", "type", "usertype", "accounttype"].contains(joined) }

    var isStatus: Bool { ["status", "rowstatus", "state", "accountstatus", "userstatus"].contains(joined) }

    /// What kind of credential a row is.
    var isKind: Bool {
        ["type", "method", "kind", "provider", "providerid", "authtype", "credentialtype"].contains(joined)
    }

    /// Whether it holds the id of a row of the table named `table`.
    func isOwner(in table: NameWords) -> Bool {
        let subject = table.subject
        let names = ["user", "account", "member", "owner", "resourceowner", subject, table.joined]
        return names.contains { joined == "\($0)id" } || joined == "uid" || joined == subject
    }
}

extension ColumnMeaning {
    private static let password: Set<String> = [
        "password", "passwd", "pass", "pwd", "pash", "passhash", "pwhash", "pword", "passphrase",
    ]
    private static let passwordNames: Set<String> = [
        "userpass", "userpassword", "passwordhash", "hashedpassword", "encryptedpassword", "cryptedpassword",
        "passworddigest", "hashpassword", "passwdhash", "saltedpassword",
    ]
    private static let digests: Set<String> = [
        "hash", "secret", "digest", "credential", "credentials", "pbkdf2", "bcrypt", "argon2", "hashed",
    ]
    private static let times: Set<String> = [
        "at", "on", "date", "time", "expires", "expire", "expired", "expiry", "expiration", "sent", "triggered",
        "until",
    ]
    /// Behind or before `password` they say that it is something about it.
    private static let besidePassword: Set<String> = times.union([
        "reset", "token", "hint", "changed", "change", "changing", "salt", "algo", "algorithm", "count", "old", "last",
        "previous", "must", "require", "required", "requires", "should", "force", "need", "needs", "temp", "temporary",
        "new", "question", "answer", "iterations", "rounds", "version", "policy", "length", "recovery", "confirm",
        "confirmation", "created", "updated", "history", "scheme", "method", "failed", "attempts", "enabled",
        "disabled",
        "set", "is", "has", "can", "allow", "min", "max", "share", "type", "required", "forgot", "protected", "code",
        "codes", "remember", "login",
    ])
    private static let otherSecrets: Set<String> = [
        "api", "client", "totp", "otp", "twofa", "twofactor", "mfa", "2fa", "two", "refresh", "webhook", "commit",
        "file",
        "image", "content", "git", "etag", "key", "oauth", "oidc", "pin", "backup", "session", "device", "app", "blur",
        "thumb", "checksum", "avatar", "access", "id",
    ]
    private static let never: Set<String> = ["hkey", "credentialdata", "passwordless"]
    private static let factors: Set<String> = ["twofa", "totp", "mfa", "otp", "tfa", "twofactor", "2fa"]
    private static let emails: Set<String> = [
        "email", "emailaddress", "mail", "useremail", "loginemail", "emailid", "primaryemail", "mailaddress",
    ]
    /// By the name without its spaces.
    private static let usernames: [String: Int] = [
        "username": 10, "userlogin": 10, "loginname": 10, "login": 9, "accountname": 8, "lowername": 8, "user": 7,
        "uid": 7, "identifier": 6, "handle": 6, "screenname": 6, "userid": 2, "usernamelower": 4, "nickname": 3,
        "name": 4, "normalizedusername": 1,
    ]
}
