import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension OutboundError {
    /// Says in people's words why a call over the network came to nothing.
    init(_ error: any Error, at address: ServerAddress) {
        switch error {
        case let error as OutboundError: self = error
        case let error as NIOConnectionError: self.init(error, at: address)
        case is NIOSSLExtraError:
            self.init(.refused, reason: "the certificate at \(address) is for another name")
        case let error as NIOSSLError: self.init(error, at: address)
        case is NIOHTTPObjectAggregatorError:
            self.init(.refused, reason: "\(address) answers more than it should")
        case is HTTPParserError, is BoringSSLError:
            self.init(.refused, reason: "the answer of \(address) is not understood")
        default: self.init(.unreachable, reason: "\(address) ended the connection without an answer")
        }
    }

    private init(_ error: NIOConnectionError, at address: ServerAddress) {
        let isKnown = error.dnsAError == nil || error.dnsAAAAError == nil
        let why = isKnown ? "nobody answers at \(address)" : "the name in \(address) is not known"
        self.init(.unreachable, reason: why)
    }

    private init(_ error: NIOSSLError, at address: ServerAddress) {
        // BoringSSL's own word for it: its numbers are not part of NIOSSL's interface.
        if "\(error)".contains("CERTIFICATE_VERIFY_FAILED") {
            self.init(.refused, reason: "this machine does not trust the certificate at \(address)")
        } else {
            self.init(.refused, reason: "no encrypted connection to \(address) could be made")
        }
    }
}
