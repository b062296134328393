import Testing

@testable import Sparekey

@Suite("What limits are counted by")
struct ThrottleValueTests {
    @Test(
        "addresses count as one person's",
        arguments: [
            ("192.0.2.1", "::ffff:192.0.2.1", true), ("192.0.2.1", "::FFFF:c000:201", true),
            ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1", "::192.0.2.1", false),
            ("2001:db8::1", "2001:db8:0:0:ffff::2", true), ("2001:db8::1", "2001:db8:0:1::1", false),
            ("fe80::1%eth0", "fe80::2%eth1", true), ("::1", "127.0.0.1", false), ("unix", "unix", true),
            ("unix", "", false), ("192.0.2.1", "192.0.2.1 ", false),
        ])
    func addresses(_ sample: (String, String, Bool)) {
        #expect((ThrottledAddress(sample.0) == ThrottledAddress(sample.1)) == sample.2)
    }

    @Test(
        "a rate is two numbers",
        arguments: [
            ("10/5", RateLimit(perAddress: 10, perName: 5)), ("100000/1", RateLimit(perAddress: 100_000, perName: 1)),
            ("10", nil), ("10/", nil), ("/5", nil), ("10/0", nil), ("10/100001", nil), ("1/2/3", nil), ("+1/2", nil),
            ("1 /2", nil), ("", nil), ("99999999999999999999/1", nil),
        ] as [(String, RateLimit?)])
    func rates(_ sample: (String, RateLimit?)) {
        #expect(RateLimit(setting: sample.0) == sample.1)
        if let rate = sample.1 { #expect(rate.setting == sample.0) }
    }

    @Test("a device's token holds for its account and its instance only")
    func device() throws {
        let key = try #require(InstanceKey([UInt8](repeating: 1, count: 32)))
        let other = try #require(InstanceKey([UInt8](repeating: 2, count: 32)))
        let token = DeviceToken.issued(to: "ada", key: key, random: SystemRandomSource())
        let read = try #require(DeviceToken(token.text))
        #expect(read == token && read.isGenuine(for: "ada", key: key))
        #expect(!read.isGenuine(for: "eve", key: key))
        #expect(!read.isGenuine(for: "ada", key: other))
        #expect(DeviceToken(token.text.uppercased()) == token)
        for index in [0, 40, 95] {
            var digits = Array(token.text)
            digits[index] = digits[index] == "0" ? "1" : "0"
            #expect(DeviceToken(String(digits))?.isGenuine(for: "ada", key: key) == false)
        }
    }

    @Test(
        "what is no token is none",
        arguments: [
            "", "00", String(repeating: "g", count: 96), String(repeating: "0", count: 95),
            String(repeating: "\u{0660}", count: 48), String(repeating: "0", count: 98),
        ])
    func noDevice(_ text: String) {
        #expect(DeviceToken(text) == nil)
    }

    @Test("no two acts, scopes or people share a counter")
    func keysApart() throws {
        let keys = ThrottleKeys(try #require(InstanceKey([UInt8](repeating: 1, count: 32))))
        let names = ["ada", "ada@x.org"].map { AccountName($0) }
        var all = names.flatMap { name in ThrottledAct.allCases.map { keys.name(name, $0) } }
        all += ThrottledAct.allCases.map { keys.address(ThrottledAddress("ada"), $0) }
        all += ["ada", "eve"].flatMap { id in
            [.account, .administrator, .accountDay, .accountSinceSuccess].map { keys.account(id: id, $0) }
        }
        all.append(keys.account(.unknown(names[0]), .account))
        all.append(keys.instance(.instanceDay))
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0.count == 16 })
    }
}
