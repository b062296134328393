/// Where a server is called: a URL of http or https, in its parts.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// https.
    public let isEncrypted: Bool
    /// A name or an address, without brackets.
    public let host: String
    public let port: Int
    /// What stands before the paths of the API, without a slash at the end; mostly nothing.
    public let prefix: String

    public init(isEncrypted: Bool, host: String, port: Int, prefix: String) {
        self.isEncrypted = isEncrypted
        self.host = host
        self.port = port
        self.prefix = prefix
    }

    /// As the header Host has it.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    public var description: String { "\(isEncrypted ? "https" : "http")://\(authority)\(prefix)" }
}
