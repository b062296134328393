/// A database's address as programs are given it, in any of the spellings that their libraries have.
struct ContainerURL {
    let kind: Profile.DatabaseKind
    /// Of a SQLite file.
    var path = ""
    var host = ""
    var port: Int
    var name = ""
    var user = ""
    var password: String?
    /// Whether the host is in a network that never leaves this machine.
    var isLocalNetwork = false

    init(kind: Profile.DatabaseKind, host: String, name: String, user: String) {
        self.kind = kind
        let (bare, port) = Self.hostAndPort(host[...])
        (self.host, self.name, self.user) = (bare, name, user)
        self.port = port ?? Self.usualPort(kind)
    }

    /// `postgresql+asyncpg://user:pass@db:5432/name?x=y`, `file:./prisma/x.db`, `sqlite:////data/x.db`.
    ///
    /// - Throws: ``AppsError`` `badRecording`, without a word of it.
    init(_ text: String) throws {
        let scheme = text.prefix { $0 != ":" }
        guard scheme.count < text.count, let kind = Self.kind(String(scheme.prefix { $0 != "+" })) else {
            throw Self.unreadable
        }
        self.kind = kind
        port = Self.usualPort(kind)
        var rest = text.dropFirst(scheme.count + 1).prefix { $0 != "?" }
        guard kind != .sqlite else {
            // Three slashes and a relative path, or four and an absolute one; of `file:` none, one or three.
            if rest.hasPrefix("///") { rest = rest.dropFirst(scheme == "file" ? 2 : 3) }
            path = String(rest)
            return
        }
        guard rest.hasPrefix("//") else { throw Self.unreadable }
        rest = rest.dropFirst(2)
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let authority = parts[0]
        // A `/` in a password that is not escaped: what follows it is no name.
        guard parts.count == 1 || !parts[1].contains("@") else { throw Self.unreadable }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let signIn = authority.lastIndex(of: "@").map { authority[..<$0] } ?? ""
        let words = signIn.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let (host, port) = Self.hostAndPort(place)
        (self.host, self.port) = (host, port ?? self.port)
        (user, name) = (try Self.decoded(words.first ?? ""), try Self.decoded(parts.count > 1 ? parts[1] : ""))
        password = try words.count > 1 ? Self.decoded(words[1]) : nil
    }

    /// What a program's setting or a URL's scheme calls it; Django's with its module.
    static func kind(_ word: String) -> Profile.DatabaseKind? {
        switch word.lowercased().split(separator: ".").last.map(String.init) ?? "" {
        case "sqlite", "sqlite3", "file": .sqlite
        case "postgres", "postgresql", "pgsql", "psql": .postgresql
        case "mysql", "mysql2", "mariadb": .mariadb
        default: nil
        }
    }

    /// As the settings have it, without the password.
    var address: String {
        let scheme = kind == .mariadb ? "mysql" : "postgres"
        let mode = kind == .mariadb ? "?ssl-mode=disabled" : "?sslmode=disable"
        let user = user.isEmpty ? "" : Self.escaped(user) + "@"
        // What a container says can be anything: it stays one word, in which a terminal sees nothing to obey.
        let parts = host.split(separator: ":", omittingEmptySubsequences: false).map { Self.escaped(String($0)) }
        let host = parts.count > 1 ? "[\(parts.joined(separator: ":"))]" : parts[0]
        return "\(scheme)://\(user)\(host):\(port)/\(Self.escaped(name))\(isLocalNetwork ? mode : "")"
    }

    private static func usualPort(_ kind: Profile.DatabaseKind) -> Int { kind == .mariadb ? 3306 : 5432 }

    private static func hostAndPort(_ text: Substring) -> (String, Int?) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            return (String(text[..<end].dropFirst()), Int(rest.dropFirst()))
        }
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else { return (String(text), nil) }
        return (String(parts[0]), port)
    }

    private static func decoded(_ text: Substring) throws -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            // Programs take a bare `%` for itself, and so does this.
            guard byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(\.isHexDigit),
                let value = UInt8(digits, radix: 16)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unreadable }
        return text
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isWord = character.isASCII && (character.isLetter || character.isNumber)
            if isWord || "-._~".contains(character) { return String(character) }
            return "%" + String(UInt16(byte) + 0x100, radix: 16, uppercase: true).dropFirst()
        }.joined()
    }

    private static let unreadable = ContainerProgram.fault(
        "the address in the container's environment is of no kind of database that is known here",
        "name the database with --database; nothing was changed")
}
