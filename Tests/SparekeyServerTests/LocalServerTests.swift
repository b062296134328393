import Foundation
import Sparekey
import Testing

@testable import SparekeyOutbound

@Suite("The server on the own data folder")
struct LocalServerTests {
    @Test("nobody there is nil: no file, or one that a killed server left behind")
    func nobody() async throws {
        let path = Self.path()
        defer { unlink(path) }
        #expect(try await LocalServer(path: path).databaseIdentity() == nil)
        let listener = try Listener(path)
        listener.end()
        #expect(access(path, F_OK) == 0)
        #expect(try await LocalServer(path: path).databaseIdentity() == nil)
    }

    @Test("whoever does not answer is given up after the limit")
    func silent() async throws {
        let path = Self.path()
        defer { unlink(path) }
        let listener = try Listener(path)
        let begun = ContinuousClock.now
        await #expect(throws: OutboundError(.timeout, reason: "")) {
            try await LocalServer(path: path).databaseIdentity()
        }
        #expect(ContinuousClock.now - begun >= LocalServer.timeLimit)
        listener.end()
    }

    @Test("a path that no socket can have is not cut: nobody is there")
    func longPath() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 103)
        #expect(path.utf8.count == LocalServer.pathLimit + 1)
        #expect(try await LocalServer(path: path).databaseIdentity() == nil)
    }

    @Test("an answer is read whole")
    func answer() throws {
        let answer = try LocalAnswer(Array("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nx: y\r\n\r\na\r\n".utf8))
        #expect(answer.status == 200)
        #expect(answer.body == Array("a\r\n".utf8))
        #expect(try LocalAnswer(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)).body.isEmpty)
    }

    @Test(
        "half an answer, or anything else, is none",
        arguments: [
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabc", "HTTP/1.1 200 OK\r\n\r\nabc", "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 twohundred OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1\r\n\r\n",
        ])
    func mangled(_ text: String) {
        #expect(throws: OutboundError(.refused, reason: "")) { try LocalAnswer(Array(text.utf8)) }
    }

    @Test("a request is a whole request")
    func request() {
        let request = LocalRequest(method: "POST", path: "/x", body: Array("{}".utf8))
        let text = String(decoding: request.bytes, as: UTF8.self)
        #expect(text.hasPrefix("POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"))
        #expect(text.hasSuffix("\r\nContent-Length: 2\r\n\r\n{}"))
    }

    private static func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "sparekey-\(UUID().uuidString).sock").path
    }
}

/// A socket that somebody listens on and never answers.
private final class Listener {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 4) == 0)
    }

    func end() {
        close(descriptor)
    }
}
