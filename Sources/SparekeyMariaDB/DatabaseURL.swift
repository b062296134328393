internal import SparekeySQL

/// `scheme://user:password@host:port/path?name=value` as RFC 3986 has it, read strictly: a password whose `@`, `/` or `#`
/// is not escaped would end up in the host or path, where messages show it.
struct DatabaseURL {
    let scheme: String
    let user: String?
    let password: String?
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: UInt16?
    let path: String
    let parameters: [String: String]

    /// - Throws: ``SQLError`` with code `badAddress`, without a word of the text.
    init(_ text: String) throws {
        guard let end = text.firstRange(of: "://"), !text.contains("#") else { throw Self.unreadable }
        scheme = text[..<end.lowerBound].lowercased()
        let (beforeQuery, query) = Self.cut(text[end.upperBound...], at: "?")
        let (authority, path) = Self.cut(beforeQuery, at: "/")
        guard path?.contains(where: { "@/:".contains($0) }) != true else { throw Self.unreadable }
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2, let place = parts.last else { throw Self.unreadable }
        let (user, password) = Self.cut(parts.count == 2 ? parts[0] : "", at: ":")
        self.user = user.isEmpty ? nil : try Self.decoded(user)
        self.password = try password.map(Self.decoded)
        (host, port) = try Self.hostAndPort(place)
        self.path = try Self.decoded(path ?? "")
        parameters = try Self.parameters(query ?? "")
    }

    static let unreadable = SQLError(
        .badAddress,
        reason: """
            the address of the MariaDB database cannot be read; it looks like mysql://user@host/name or \
            mysql://user@localhost/name?socket=/run/mysqld/mysqld.sock, and characters such as @ / : ? # % in a \
            password are written as %40 %2F %3A %3F %23 %25
            """)

    /// The whole without password and parameters, as messages show it.
    func place(host: String, socket: String?) -> String {
        let user = user.map { Self.escaped($0) + "@" } ?? ""
        let name = host.contains(":") ? "[\(host)]" : host
        let host = name + (port.map { ":\($0)" } ?? "")
        let socket = socket.map { "?socket=\(Self.escaped($0))" } ?? ""
        return "mysql://\(user)\(host)/\(Self.escaped(path))\(socket)"
    }

    private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<index], text[text.index(after: index)...])
    }

    private static func hostAndPort(_ place: Substring) throws -> (String, UInt16?) {
        var host = place
        var port: Substring?
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            host = place[place.index(after: place.startIndex)..<end]
            let rest = place[place.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw unreadable }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            (host, port) = cut(place, at: ":")
        }
        let isHost = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_:".contains($0)) }
        guard isHost else { throw unreadable }
        guard let port, !port.isEmpty else { return (String(host), nil) }
        guard let number = UInt16(port), number > 0 else { throw unreadable }
        return (String(host), number)
    }

    private static func parameters(_ query: Substring) throws -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let (name, value) = cut(pair, at: "=")
            parameters[try decoded(name).lowercased()] = try decoded(value ?? "")
        }
        return parameters
    }

    private static func decoded(_ text: Substring) throws -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16),
                value > 0
            else { throw unreadable }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw unreadable }
        return decoded
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isWord = character.isASCII && (character.isLetter || character.isNumber)
            if isWord || "-._~/".contains(character) { return String(character) }
            return "%" + String(UInt16(byte) + 0x100, radix: 16, uppercase: true).dropFirst()
        }.joined()
    }
}
