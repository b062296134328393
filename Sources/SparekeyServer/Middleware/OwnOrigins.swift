import NIOCore

/// The origins under which people open this server, as browsers write them (RFC 6454, section 7).
///
/// That of the public URL, and the address that a connection came in at, which for loopback has the name `localhost` too: so
/// a server that nobody gave a public URL yet can be tried out. Never what the request's `Host` says: a name that a stranger
/// points at this address would be its own origin (DNS rebinding).
struct OwnOrigins: Sendable {
    /// ``PublicLinks/base``.
    let base: String

    /// - Parameter local: where the connection came in.
    func contains(_ origin: String, at local: SocketAddress?) -> Bool {
        guard let origin = Origin(origin) else { return false }
        return origin == Origin(base) || isLocal(origin, local)
    }

    private func isLocal(_ origin: Origin, _ local: SocketAddress?) -> Bool {
        guard let local, let address = local.ipAddress.flatMap(AddressBytes.init), local.port == origin.port else {
            return false
        }
        if let named = AddressBytes(origin.host) { return named == address || (named.isLoopback && address.isLoopback) }
        return origin.host == "localhost" && address.isLoopback
    }

    /// Scheme, host without brackets, and port.
    private struct Origin: Equatable {
        let scheme: String
        let host: String
        let port: Int

        /// - Parameter text: an origin, or an URL that begins with one; what stands behind is passed over.
        init?(_ text: String) {
            let parts = text.lowercased().split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix("//") else { return nil }
            scheme = String(parts[0])
            guard let standard = ["http": 80, "https": 443][scheme] else { return nil }
            let authority = parts[1].dropFirst(2).prefix { $0 != "/" }
            let end = authority.lastIndex(of: "]") ?? authority.startIndex
            let colon = authority[end...].lastIndex(of: ":")
            let name = authority[..<(colon ?? authority.endIndex)]
            host = String(name.hasPrefix("[") && name.hasSuffix("]") ? name.dropFirst().dropLast() : name)
            guard let colon else {
                port = standard
                return
            }
            guard let number = UInt16(authority[authority.index(after: colon)...]) else { return nil }
            port = Int(number)
        }
    }
}
