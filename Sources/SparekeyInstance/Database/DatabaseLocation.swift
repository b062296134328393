import Sparekey

/// Where the own directory is, from the text that an option, a variable or the settings file gave.
enum DatabaseLocation: Equatable {
    case sqlite(path: String)
    case postgreSQL(url: String)

    /// Reads a plain path, `sqlite://relative`, `sqlite:///absolute` or `postgres://…`.
    ///
    /// - Parameter source: where the text came from, for the message.
    /// - Throws: ``InstanceError`` `badSettings` for any other scheme. The text is not repeated: it may hold a password.
    init(_ text: String, source: SettingSource) throws {
        guard let end = text.firstRange(of: "://") else {
            try Self.refuseMistypedAddress(text, source)
            self = .sqlite(path: text)
            return
        }
        let scheme = text[..<end.lowerBound].lowercased()
        let rest = String(text[end.upperBound...])
        switch scheme {
        case "sqlite" where !rest.isEmpty: self = .sqlite(path: rest)
        case "postgres", "postgresql": self = .postgreSQL(url: text)
        default:
            // What is no scheme (RFC 3986, 3.1) may be the beginning of a password.
            let isScheme = scheme.utf8.allSatisfy { (0x61...0x7A).contains($0) || "0123456789+-.".utf8.contains($0) }
            let shown = isScheme ? "the scheme \(DisplayText(scheme, limit: 20).text)://" : "no scheme before its ://"
            throw InstanceError(
                .badSettings, reason: "the database named by the \(source) has \(shown)",
                hint: "an own database is a path, sqlite:///PATH or postgres://…; --database names another")
        }
    }

    /// An address that lost its slashes, or libpq's key=value form, is no path; repeating it could show its password.
    private static func refuseMistypedAddress(_ text: String, _ source: SettingSource) throws {
        let schemes = ["postgres:", "postgresql:", "mysql:", "mariadb:", "sqlite:"]
        let isAddress = schemes.contains { text.lowercased().hasPrefix($0) }
        guard isAddress || text.lowercased().contains("password=") else { return }
        throw InstanceError(
            .badSettings, reason: "the database named by the \(source) is neither a path nor a URL",
            hint: "a URL has two slashes, as in postgres://USER@HOST/NAME or sqlite:///PATH")
    }

    /// Whether a URL carries a password between `:` and `@`, or as a parameter.
    var holdsPassword: Bool {
        guard case .postgreSQL(let url) = self else { return false }
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        let userInfo = authority.lastIndex(of: "@").map { authority[..<$0] }
        return userInfo?.contains(":") == true || url.contains("password=")
    }
}
