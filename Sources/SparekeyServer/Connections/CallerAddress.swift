import HTTPTypes
import NIOCore

/// Finds out whose address a request came from.
///
/// Headers are believed only where the peer is a trusted proxy (SEC-1): then the right-most address of
/// `X-Forwarded-For` that is no trusted proxy itself. Everything to the left of it could be made up.
struct CallerAddress: Sendable {
    private let trusted: [AddressRange]

    init(trusted: [AddressRange]) {
        self.trusted = trusted
    }

    /// - Returns: nil for a peer without an address (a Unix socket).
    func resolve(peer: SocketAddress?, headers: HTTPFields) -> String? {
        guard let peer = peer?.ipAddress.flatMap(AddressBytes.init) else { return nil }
        guard isTrusted(peer) else { return peer.text }
        var nearest = peer
        for hop in forwarded(headers).reversed() {
            // What is no address was not written by a proxy of ours.
            guard let hop = AddressBytes(hop) else { return nearest.text }
            nearest = hop
            if !isTrusted(hop) { break }
        }
        return nearest.text
    }

    func isTrusted(_ address: AddressBytes) -> Bool {
        trusted.contains { $0.contains(address) }
    }

    private func forwarded(_ headers: HTTPFields) -> [String] {
        guard let name = HTTPField.Name("X-Forwarded-For") else { return [] }
        return headers[values: name].flatMap { $0.split(separator: ",") }.suffix(32).map { hop in
            var text = hop.trimmingPrefix { $0 == " " }
            while text.last == " " { text.removeLast() }
            // Some proxies write the port: [2001:db8::1]:443, 192.0.2.1:443.
            if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
                return String(text[text.index(after: text.startIndex)..<end])
            }
            let colons = text.count { $0 == ":" }
            return String(colons == 1 ? text.prefix { $0 != ":" } : text)
        }
    }
}
