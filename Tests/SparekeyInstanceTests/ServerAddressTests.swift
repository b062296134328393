import SparekeyOutbound
import Testing

@testable import SparekeyInstance

@Suite("The setting server_url")
struct ServerAddressTests {
    @Test(
        "a server elsewhere over https, and one on this machine over http too",
        arguments: [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://[::1]:8080/", "http://[::1]:8080"),
            ("http://localhost", "http://localhost:80"), ("http://127.1.2.3/keys/", "http://127.1.2.3:80/keys"),
            ("https://sparekey.example.org", "https://sparekey.example.org:443"),
            ("https://192.0.2.7:8443/a/b", "https://192.0.2.7:8443/a/b"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]:443"),
        ])
    func accepted(_ sample: (setting: String, address: String)) throws {
        let settings = try Self.settings(sample.setting)
        #expect(settings.serverAddress?.description == sample.address)
    }

    @Test(
        "anything else is refused, and plain http to another machine is",
        arguments: [
            "http://sparekey.example.org", "http://192.0.2.7:8080", "http://localhost.example.org",
            "http://127.0.0.1.example.org", "http://127.0.0.1@example.org", "http://0.0.0.0:8080", "http://[::]:8080",
            "http://:8080", "http://[fe80::1%25lo]:8080", "http://127.1:8080", "http://2130706433:8080", "http://",
            "https://", "https://:443", "https://host:0", "https://host:65536", "https://host:x", "https://::1",
            "ftp://127.0.0.1", "127.0.0.1:8080", "HTTP://127.0.0.1", "https://a b", "https://host/?a=b", "unix:/x",
        ])
    func refused(_ text: String) {
        #expect(throws: InstanceError(.badSettings, reason: "")) { try Self.settings(text) }
    }

    private static func settings(_ text: String) throws -> Settings {
        try Settings.load(.init(environment: ["SPAREKEY_SERVER_URL": text], defaultDataFolder: "/nonexistent"))
    }
}
