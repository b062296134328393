/// Where the server listens.
public struct ListenAddress: Sendable, Hashable {
    public let host: String
    /// 0 lets the system choose.
    public let port: Int

    /// - Parameter text: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, or `:8080` for every IPv4 address; nil for
    ///   anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let name = text[..<colon]
        if name.hasPrefix("["), name.hasSuffix("]") {
            host = String(name.dropFirst().dropLast())
            guard AddressBytes(host)?.bytes.count == 16 else { return nil }
        } else {
            let isName = name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: ".-".utf8.contains(byte)
                }
            }
            guard isName else { return nil }
            host = name.isEmpty ? "0.0.0.0" : String(name)
        }
        self.port = Int(port)
    }

    /// Whether only this machine reaches it.
    public var isLoopback: Bool {
        host.lowercased() == "localhost" || AddressBytes(host)?.isLoopback == true
    }

    /// As a URL writes it.
    public var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The settings that the server itself needs; what the flows need they have already.
public struct ServerOptions: Sendable {
    public let listen: ListenAddress
    /// Paths of a PEM certificate chain and its key; nil serves plain HTTP, for a proxy in front or for loopback.
    public let tls: (certificate: String, key: String)?
    public let trustedProxies: [AddressRange]
    /// The Unix socket for the command line; nil opens none.
    public let socketPath: String?
    /// What the command line compares to know that both use the same database.
    public let databaseIdentity: String
    /// The bearer token of `/metrics`; nil leaves it to administrators' sessions.
    public let metricsToken: String?
    /// What `/metrics` shows beside the server's own figures.
    public let metricsSources: [MetricsSource]

    public init(
        listen: ListenAddress, tls: (certificate: String, key: String)?, trustedProxies: [AddressRange],
        socketPath: String?, databaseIdentity: String, metricsToken: String? = nil, metricsSources: [MetricsSource] = []
    ) {
        self.listen = listen
        self.tls = tls
        self.trustedProxies = trustedProxies
        self.socketPath = socketPath
        self.databaseIdentity = databaseIdentity
        self.metricsToken = metricsToken
        self.metricsSources = metricsSources
    }
}

/// Why the server could not start.
public struct ServerStartError: Error, Sendable {
    /// Lower case, naming the object.
    public let reason: String
    public let hint: String
    /// Whether a setting names something that cannot be used, rather than an address that is not free.
    public let isConfiguration: Bool
}
