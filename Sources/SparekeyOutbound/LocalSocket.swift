import Glibc

/// A connection to a Unix socket, every step of which ends by one moment.
struct LocalSocket {
    private let descriptor: Int32
    private let path: String
    private let end: ContinuousClock.Instant

    /// `struct ucred` of sys/socket.h.
    private struct PeerCredentials {
        var process: Int32 = 0
        var user: UInt32 = .max
        var group: UInt32 = .max
    }

    /// Connects; nil where nobody listens.
    ///
    /// - Throws: ``OutboundError``.
    init?(path: String, end: ContinuousClock.Instant) throws {
        self.path = path
        self.end = end
        // Nobody can listen where the kernel has no room for the path.
        guard var address = Self.address(path) else { return nil }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { throw Self.failure("no socket can be made", errno) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected != 0 else { return }
        let error = errno
        Glibc.close(descriptor)
        // A file that a killed server left behind refuses, too.
        if error == ENOENT || error == ECONNREFUSED { return nil }
        // unix(7): the queue of those who wait to be let in is full.
        if error == EAGAIN { throw Self.timeout(path) }
        throw Self.failure("the server at \(path) cannot be reached", error)
    }

    /// The user whose process listens: who it was when it began to (unix(7)).
    func peerUser() throws -> UInt32 {
        var peer = PeerCredentials()
        var size = socklen_t(MemoryLayout<PeerCredentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 else {
            throw Self.failure("the kernel does not say who listens at \(path)", errno)
        }
        return peer.user
    }

    func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            try wait(for: POLLOUT)
            let count = bytes.withUnsafeBytes { rest in
                send(descriptor, rest.baseAddress?.advanced(by: sent), rest.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 { sent += count } else { try passOver(errno) }
        }
    }

    /// Everything until the peer closes.
    func readToEnd(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            try wait(for: POLLIN)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count == 0 { return bytes }
            if count < 0 { try passOver(errno) }
            bytes += chunk.prefix(max(0, count))
            guard bytes.count <= limit else {
                throw OutboundError(.refused, reason: "the server at \(path) answers more than it should")
            }
        }
    }

    func close() {
        Glibc.close(descriptor)
    }

    private func wait(for events: Int32) throws {
        while true {
            let left = (end - .now).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { throw Self.timeout(path) }
            var asked = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            if poll(&asked, 1, Int32(milliseconds)) > 0 { return }
        }
    }

    private func passOver(_ error: Int32) throws {
        guard error == EAGAIN || error == EINTR else {
            throw Self.failure("the server at \(path) ended the connection", error)
        }
    }

    private static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count <= LocalServer.pathLimit else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return address
    }

    private static func timeout(_ path: String) -> OutboundError {
        OutboundError(.timeout, reason: "the server at \(path) runs and does not answer")
    }

    private static func failure(_ what: String, _ error: Int32) -> OutboundError {
        OutboundError(.unreachable, reason: "\(what): \(String(cString: strerror(error)))")
    }
}
