import HTTPTypes
import NIOCore
import Testing

@testable import SparekeyServer

@Suite("Addresses")
struct AddressTests {
    @Test(
        "a range holds its addresses and no others",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/9", "10.127.9.9", true),
            ("10.0.0.0/9", "10.128.0.0", false), ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "203.0.113.9", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("127.0.0.1", "::ffff:127.0.0.1", true),
            ("::1", "::1%lo", true),
        ])
    func contains(_ range: String, _ address: String, _ isIn: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(AddressBytes(address))) == isIn)
    }

    @Test(
        "what is no network is none",
        arguments: [
            "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "example.org", "10.0.0.0/8/8",
            "10.0.0.0/+8", " 10.0.0.0/8",
        ])
    func noRange(_ text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(
        "who called, by the peer and what trusted proxies say",
        arguments: [
            // Nobody trusted: the header is a stranger's word.
            ("198.51.100.9", ["203.0.113.1"], "198.51.100.9"), ("127.0.0.1", [], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.1"], "203.0.113.1"),
            // The left of the list can be made up.
            ("127.0.0.1", ["192.0.2.66, 203.0.113.1"], "203.0.113.1"),
            ("127.0.0.1", ["203.0.113.1, 10.1.2.3"], "203.0.113.1"),
            ("127.0.0.1", ["192.0.2.66", "203.0.113.1, 10.1.2.3"], "203.0.113.1"),
            // What is no address stops at the proxy that passed it on.
            ("127.0.0.1", ["203.0.113.1, unknown, 10.1.2.3"], "10.1.2.3"), ("127.0.0.1", ["<script>"], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.1:4711"], "203.0.113.1"), ("127.0.0.1", ["[2001:db8::5]:443"], "2001:db8::5"),
            ("127.0.0.1", ["2001:db8::5"], "2001:db8::5"), ("127.0.0.1", ["::ffff:203.0.113.1"], "203.0.113.1"),
            // Everybody in the list is trusted: the first of them called.
            ("127.0.0.1", ["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        ] as [(String, [String], String)])
    func caller(_ peer: String, _ forwarded: [String], _ expected: String) throws {
        let callers = CallerAddress(trusted: ["127.0.0.1", "10.0.0.0/8"].compactMap(AddressRange.init))
        let name = try #require(HTTPField.Name("X-Forwarded-For"))
        var headers = HTTPFields()
        for value in forwarded { headers.append(HTTPField(name: name, value: value)) }
        let address = try SocketAddress(ipAddress: peer, port: 4711)
        #expect(callers.resolve(peer: address, headers: headers) == expected)
    }

    @Test("a peer on a Unix socket has no address")
    func unixPeer() throws {
        let callers = CallerAddress(trusted: [])
        #expect(callers.resolve(peer: try SocketAddress(unixDomainSocketPath: "/s"), headers: [:]) == nil)
        #expect(callers.resolve(peer: nil, headers: [:]) == nil)
    }

    @Test(
        "where to listen",
        arguments: [
            ("127.0.0.1:8080", "127.0.0.1:8080", true), ("[::1]:80", "[::1]:80", true), (":0", "0.0.0.0:0", false),
            ("localhost:1", "localhost:1", true), ("LocalHost:1", "LocalHost:1", true),
            ("files.example.org:65535", "files.example.org:65535", false), ("[::]:8080", "[::]:8080", false),
            ("127.9.9.9:1", "127.9.9.9:1", true), ("192.0.2.1:1", "192.0.2.1:1", false),
        ])
    func listen(_ text: String, _ authority: String, _ isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.authority == authority)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(
        "what is nowhere to listen",
        arguments: [
            "", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[127.0.0.1]:80",
            "[]:80",
            "[::1]", "http://127.0.0.1:80", "a b:80", "ä:80", "127.0.0.1:80 ",
        ])
    func nowhere(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
