import CPostgres
import Glibc
internal import SparekeySQL

/// Where a PostgreSQL server is and how to sign in: a URL or key=value text as libpq reads it (its manual, 34.1.1).
struct PostgreSQLAddress: Sendable {
    /// Without password: `postgres://user@host:port/name`, or with `?host=` for a socket's folder.
    let place: String
    /// libpq's keywords, the password among them.
    let parameters: [String: String]

    /// - Parameter password: taken instead of one in the URL; nil leaves libpq its own sources (PGPASSWORD, .pgpass).
    init(_ text: String, password: String?, options: PostgreSQLOptions) throws {
        var parameters = try Self.parse(text)
        try Self.refuseMisreadPassword(parameters)
        place = Self.place(parameters)
        if let password { parameters["password"] = password }
        self.parameters = Self.withDefaults(parameters, options)
    }

    private static func parse(_ text: String) throws -> [String: String] {
        // libpq's own words about a text it cannot read quote the text, password and all: they are dropped.
        guard let list = PQconninfoParse(text, nil) else { throw unreadable() }
        defer { PQconninfoFree(list) }
        var parameters: [String: String] = [:]
        var entry = list
        while let keyword = entry.pointee.keyword {
            if let value = entry.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            entry += 1
        }
        return parameters
    }

    /// A password with an unescaped `@` or `/` ends up in the host, port or name, where messages would show it.
    private static func refuseMisreadPassword(_ parameters: [String: String]) throws {
        let hosts = parameters["host", default: ""].split(separator: ",")
        let isHostWrong = hosts.contains { $0.dropFirst().contains("@") && !$0.hasPrefix("/") }
        let isPortWrong = parameters["port", default: ""].contains { !($0.isASCII && $0.isNumber) && $0 != "," }
        let isNameWrong = parameters["dbname", default: ""].contains("@")
        if isHostWrong || isPortWrong || isNameWrong { throw unreadable() }
    }

    private static func unreadable() -> SQLError {
        SQLError(
            .badAddress,
            reason: """
                the address of the PostgreSQL database cannot be read; it looks like postgres://user@host/name, and \
                characters such as @ / : ? # % in a password are written as %40 %2F %3A %3F %23 %25
                """)
    }

    private static func withDefaults(_ given: [String: String], _ options: PostgreSQLOptions) -> [String: String] {
        var parameters = [
            "application_name": "sparekey", "keepalives": "1", "keepalives_idle": "10", "keepalives_interval": "5",
            "keepalives_count": "3", "tcp_user_timeout": "15000",
        ]
        if !isLocal(given) { parameters["sslmode"] = "verify-full" }
        parameters.merge(given) { _, given in given }
        parameters["client_encoding"] = "UTF8"
        return parameters
    }
}

// Telling where a server is.
extension PostgreSQLAddress {
    /// Whether every host is this machine. A service file may name any host, so it counts as somewhere else.
    static func isLocal(_ parameters: [String: String]) -> Bool {
        if parameters["service"] != nil || getenv("PGSERVICE") != nil { return false }
        let hosts =
            parameters["hostaddr"] ?? environment("PGHOSTADDR") ?? parameters["host"] ?? environment("PGHOST") ?? ""
        return hosts.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { host in
            host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1"
                || isLoopback(host)
        }
    }

    /// 127.0.0.0/8 as four numbers: `127.example.org` is a host somewhere else.
    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func place(_ parameters: [String: String]) -> String {
        let user = parameters["user"].map { escaped($0) + "@" } ?? ""
        let name = parameters["dbname"].map { "/" + escaped($0) } ?? "/"
        let host = parameters["host"] ?? parameters["hostaddr"] ?? ""
        let ports = parameters["port", default: ""].split(separator: ",", omittingEmptySubsequences: false)
        if host.contains("/") || host.hasPrefix("@") {
            let port = parameters["port"].map { "&port=\($0)" } ?? ""
            return "postgres://\(user)\(name)?host=\(escaped(host))\(port)"
        }
        let hosts = host.split(separator: ",", omittingEmptySubsequences: false).enumerated().map { index, host in
            let port = ports.count == 1 ? ports.first : ports.dropFirst(index).first
            return bracketed(host) + (port.map { $0.isEmpty ? "" : ":\($0)" } ?? "")
        }
        return "postgres://\(user)\(hosts.joined(separator: ","))\(name)"
    }

    private static func bracketed(_ host: Substring) -> String {
        host.contains(":") ? "[\(escaped(String(host)))]" : escaped(String(host))
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isWord = character.isASCII && (character.isLetter || character.isNumber)
            if isWord || "-._~/,:".contains(character) { return String(character) }
            return "%" + String(UInt16(byte) + 0x100, radix: 16, uppercase: true).dropFirst()
        }.joined()
    }
}
