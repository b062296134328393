import Glibc
import SparekeySQL

/// Accepts connections on a port of this machine and never says anything.
final class SilentServer: Sendable {
    let port: UInt16
    private let descriptor: CInt

    init() throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.bindMemory(to: sockaddr.self).baseAddress else { return false }
            return bind(descriptor, start, length) == 0 && listen(descriptor, 8) == 0
                && getsockname(descriptor, start, &length) == 0
        }
        guard isListening else { throw SQLError(.other, reason: "no port to listen on") }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        close(descriptor)
    }
}
