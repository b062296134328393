internal import SparekeySQL

/// Where a MariaDB or MySQL server is and how to sign in, from a URL.
struct MariaDBAddress: Sendable {
    /// What a server has to show before it is told anything.
    enum Encryption: String, Sendable {
        case disabled
        /// Encrypted, whoever the server is.
        case required
        /// Encrypted, with a certificate for this host's name from an authority that this machine knows.
        case verifyIdentity = "verify-identity"
    }

    /// Without password: `mysql://user@host:port/name`, or with `?socket=`.
    let place: String
    let user: String?
    let password: String?
    let host: String
    let port: UInt16?
    let socket: String?
    let database: String?
    let encryption: Encryption
    /// A file of certificate authorities; nil for those of the system.
    let authorities: String?
    /// An option file (my.cnf) read instead of those in the usual places.
    let optionFile: String?

    /// - Parameter password: taken instead of one in the URL; nil leaves libmariadb its own sources (my.cnf, MYSQL_PWD).
    init(_ text: String, password: String?) throws {
        let url = try DatabaseURL(text)
        guard ["mysql", "mariadb"].contains(url.scheme) else { throw DatabaseURL.unreadable }
        try Self.refuseUnknown(url.parameters)
        user = url.user
        self.password = password ?? url.password
        // An empty one would be taken from an option file, which may name a machine that this file did not judge.
        host = url.host.isEmpty ? "localhost" : url.host
        port = url.port
        socket = url.parameters["socket"]
        database = url.path.isEmpty ? nil : url.path
        authorities = url.parameters["ssl-ca"]
        optionFile = url.parameters["defaults-file"]
        encryption = try Self.encryption(url.parameters["ssl-mode"], isLocal: socket != nil || Self.isLocal(host))
        place = url.place(host: host, socket: socket)
    }

    /// Whether libmariadb is to go by TCP though the host is `localhost`, which it takes for the socket.
    var isTCP: Bool { socket == nil && (port != nil || host != "localhost") }

    private static let known: Set = ["socket", "ssl-mode", "ssl-ca", "defaults-file", "charset"]

    /// An option that is dropped in silence might be the one that was to protect somebody.
    private static func refuseUnknown(_ parameters: [String: String]) throws {
        if parameters.keys.contains(where: { !known.contains($0) }) {
            throw SQLError(
                .badAddress,
                reason: """
                    the address of the MariaDB database has a parameter that is not known here; known are socket, \
                    ssl-mode, ssl-ca and defaults-file
                    """)
        }
        // Whatever it says, everything is utf8mb4; addresses that programs are given often have it.
    }

    private static func encryption(_ mode: String?, isLocal: Bool) throws -> Encryption {
        guard let mode else { return isLocal ? .disabled : .verifyIdentity }
        guard let encryption = Encryption(rawValue: mode.lowercased().replacing("_", with: "-")) else {
            throw SQLError(
                .badAddress,
                reason: """
                    the address of the MariaDB database has an ssl-mode that is not known here; known are disabled, \
                    required and verify-identity
                    """)
        }
        return encryption
    }

    private static func isLocal(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
