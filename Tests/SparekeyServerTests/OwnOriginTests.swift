import NIOCore
import Testing

@testable import SparekeyServer

@Suite("The server's own origins")
struct OwnOriginTests {
    private static let base = "https://Files.example.org/sparekey"

    @Test(
        "the public URL's, whatever the connection",
        arguments: [
            ("https://files.example.org", true), ("https://files.example.org:443", true),
            ("https://FILES.example.org", true), ("http://files.example.org", false),
            ("https://files.example.org:8443", false), ("https://files.example.org.evil.example", false),
            ("https://evil.example/files.example.org", false), ("https://files.example.org@evil.example", false),
            ("https://example.org", false), ("files.example.org", false), ("", false), ("://", false),
            ("https://", false), ("https://[", false), ("https://files.example.org:x", false), ("null", false),
            ("file://files.example.org", false),
        ])
    func publicOrigin(_ origin: String, _ isOwn: Bool) throws {
        let local = try SocketAddress(ipAddress: "192.0.2.7", port: 8080)
        #expect(OwnOrigins(base: Self.base).contains(origin, at: local) == isOwn)
        #expect(OwnOrigins(base: Self.base).contains(origin, at: nil) == isOwn)
    }

    @Test(
        "the address that the connection came in at, by its number and for loopback by its name",
        arguments: [
            ("127.0.0.1", "http://127.0.0.1:8080", true), ("127.0.0.1", "http://localhost:8080", true),
            ("127.0.0.1", "http://LOCALHOST:8080", true), ("::1", "http://[::1]:8080", true),
            ("::1", "http://localhost:8080", true), ("::ffff:127.0.0.1", "http://127.0.0.1:8080", true),
            ("127.0.0.1", "https://localhost:8080", true), ("127.0.0.1", "http://localhost:9090", false),
            ("127.0.0.1", "http://localhost", false), ("127.0.0.1", "http://evil.example:8080", false),
            ("127.0.0.1", "http://localhost.evil.example:8080", false), ("127.0.0.1", "http://192.0.2.7:8080", false),
            ("192.0.2.7", "http://192.0.2.7:8080", true), ("192.0.2.7", "http://localhost:8080", false),
            ("192.0.2.7", "http://127.0.0.1:8080", false), ("192.0.2.7", "http://rebound.example:8080", false),
            ("2001:db8::7", "http://[2001:DB8:0::7]:8080", true),
        ])
    func local(_ address: String, _ origin: String, _ isOwn: Bool) throws {
        let local = try SocketAddress(ipAddress: address, port: 8080)
        #expect(OwnOrigins(base: "http://0.0.0.0:8080").contains(origin, at: local) == isOwn)
    }

    @Test("a standard port is not written")
    func standardPort() throws {
        let local = try SocketAddress(ipAddress: "192.0.2.7", port: 80)
        #expect(OwnOrigins(base: "http://0.0.0.0").contains("http://192.0.2.7", at: local))
    }
}
