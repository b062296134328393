/// PBKDF2 in PHC strings as RustCrypto writes them: `$pbkdf2-sha256$i=600000,l=32$<salt>$<key>`, standard base64 without
/// padding (crate `pbkdf2`, `phc.rs`). SHA-1 is spelled `$pbkdf2$` there and `$pbkdf2-sha1$` elsewhere; both are verified.
///
/// Without `l`, as the Node package `@phc/pbkdf2` writes it, the key must have the digest's length: a key cut short would
/// otherwise still match, being a prefix.
public struct Pbkdf2: HashFormat {
    /// Verified only.
    public static let sha1 = Pbkdf2(digest: .sha1)
    /// The one that OWASP's figure of 600,000 is for.
    public static let sha256 = Pbkdf2(digest: .sha256)
    /// Made with a key of 32 bytes as well.
    public static let sha512 = Pbkdf2(digest: .sha512)

    private let digest: Pbkdf2Digest

    public var name: String { "pbkdf2-\(digest.rawValue)" }
    public var canMake: Bool { digest != .sha1 }
    public var costShape: CostShape { digest.costShape }

    public func parameters(of stored: String) throws -> HashParameters {
        try parse(stored).parameters(scheme: name, cost: cost)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        try parse(stored).matches(password, digest: digest)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let salt = salt.bytes(16)
        // 32 bytes whatever the digest, as RustCrypto has it.
        let key = try digest.derive(password, salt: salt, rounds: cost.numbers[0], length: 32)
        let base64 = Base64Text.standard
        return "$\(name)$i=\(cost),l=32$\(base64.encode(salt))$\(base64.encode(key))"
    }

    private func parse(_ stored: String) throws -> Pbkdf2Value {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        try value.check(scheme: name, digest: digest)
        return value
    }

    private func read(_ stored: String) -> Pbkdf2Value? {
        let spellings = digest == .sha1 ? ["pbkdf2", "pbkdf2-sha1"] : [name]
        guard var text = StoredText(stored), spellings.contains(where: { text.take("$\($0)$") }),
            text.take("i="), let rounds = text.decimal(), let length = length(&text), text.take("$"),
            let salt = text.field().flatMap(Base64Text.standard.decode), text.take("$"),
            let key = text.lastField().flatMap(Base64Text.standard.decode), key.count == length
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }

    private func length(_ text: inout StoredText) -> Int? {
        text.take(",l=") ? text.decimal() : digest.length
    }
}

/// PBKDF2 as passlib writes it: `$pbkdf2-sha256$29000$<salt>$<checksum>`, `$pbkdf2-sha512$…`, and `$pbkdf2$…` for SHA-1;
/// base64 with `.` for `+`, without padding (`passlib.hash.pbkdf2_sha256`). The checksum has the digest's length.
public struct PasslibPbkdf2: HashFormat {
    /// `$pbkdf2$`, verified only.
    public static let sha1 = PasslibPbkdf2(digest: .sha1)
    /// `$pbkdf2-sha256$`
    public static let sha256 = PasslibPbkdf2(digest: .sha256)
    /// `$pbkdf2-sha512$`, as Odoo stores it.
    public static let sha512 = PasslibPbkdf2(digest: .sha512)

    private let digest: Pbkdf2Digest

    public var name: String { "passlib-pbkdf2-\(digest.rawValue)" }
    public var canMake: Bool { digest != .sha1 }
    public var costShape: CostShape { digest.costShape }

    private var prefix: String { digest == .sha1 ? "$pbkdf2$" : "$pbkdf2-\(digest.rawValue)$" }

    public func parameters(of stored: String) throws -> HashParameters {
        try parse(stored).parameters(scheme: name, cost: cost)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        try parse(stored).matches(password, digest: digest)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let salt = salt.bytes(16)
        let key = try digest.derive(password, salt: salt, rounds: cost.numbers[0], length: digest.length)
        return "\(prefix)\(cost)$\(Base64Text.adapted.encode(salt))$\(Base64Text.adapted.encode(key))"
    }

    private func parse(_ stored: String) throws -> Pbkdf2Value {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        try value.check(scheme: name, digest: digest)
        return value
    }

    private func read(_ stored: String) -> Pbkdf2Value? {
        guard var text = StoredText(stored), text.take(prefix), let rounds = text.decimal(), text.take("$"),
            let salt = text.field().flatMap(Base64Text.adapted.decode), text.take("$"),
            let key = text.lastField().flatMap(Base64Text.adapted.decode), key.count == digest.length
        else { return nil }
        return Pbkdf2Value(rounds: rounds, salt: salt, key: key)
    }
}
