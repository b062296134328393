import Dispatch
import Foundation
import Glibc
public import Sparekey

/// The server of a data folder, reached through its Unix socket.
///
/// An exchange of a few hundred bytes with a program of the same user: plain socket calls instead of a client library,
/// because the kernel is asked who the peer is before a byte is sent (unix(7), SO_PEERCRED), and because a command that
/// lives for a tenth of a second starts no event loops for it. No redirect is followed and nothing is sent twice.
public struct LocalServer: RunningServer {
    /// How long a whole call may take.
    public static let timeLimit = Duration.seconds(2)
    /// The most bytes that the path of a socket may have.
    public static let pathLimit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    private let path: String

    /// - Parameter path: of the socket, in a folder that only its owner and root can enter.
    public init(path: String) {
        self.path = path
    }

    public func databaseIdentity() async throws -> String? {
        guard let answer = try await call(LocalRequest(method: "GET", path: "/identity", body: nil)) else { return nil }
        guard answer.status == 200, let identity = try? JSONDecoder().decode(Identity.self, from: Data(answer.body))
        else { throw OutboundError(.refused, reason: "what answers at \(path) is not this version's server") }
        return identity.database
    }

    /// One request and its answer, on a thread of its own.
    ///
    /// - Returns: nil where nobody listens.
    /// - Throws: ``OutboundError``.
    func call(_ request: LocalRequest) async throws -> LocalAnswer? {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try exchange(request) })
            }
        }
    }

    private func exchange(_ request: LocalRequest) throws -> LocalAnswer? {
        let end = ContinuousClock.now + Self.timeLimit
        guard let socket = try LocalSocket(path: path, end: end) else { return nil }
        defer { socket.close() }
        let peer = try socket.peerUser()
        guard peer == geteuid() || peer == 0 else {
            throw OutboundError(.refused, reason: "the server at \(path) runs as another user (\(peer))")
        }
        try socket.write(request.bytes)
        return try LocalAnswer(socket.readToEnd(limit: LocalAnswer.limit))
    }

    private struct Identity: Decodable {
        let database: String
    }
}
