internal import SparekeyOutbound
internal import SparekeyServer

extension ServerAddress {
    /// - Parameter text: `https://sparekey.example.org`, or `http://127.0.0.1:8080`; nil for anything else, and for plain
    ///   http to another machine.
    init?(setting text: String) {
        let isEncrypted = text.hasPrefix("https://")
        guard isEncrypted || text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isEncrypted ? "https://".count : "http://".count)
        let authority = String(rest.prefix { $0 != "/" })
        // A zone (`%eth0`) has no place in a URL's host, and `:8080` would be every address.
        guard !authority.contains("%"), !authority.hasPrefix(":") else { return nil }
        let withPort = "\(authority):\(isEncrypted ? 443 : 80)"
        guard let place = ListenAddress(authority) ?? ListenAddress(withPort), place.port > 0,
            isEncrypted || place.isLoopback
        else { return nil }
        let path = rest.dropFirst(authority.count)
        self.init(
            isEncrypted: isEncrypted, host: place.host, port: place.port,
            prefix: String(path.reversed().drop { $0 == "/" }.reversed()))
    }
}
