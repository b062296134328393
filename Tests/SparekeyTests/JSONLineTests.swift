import Foundation
import Sparekey
import Testing

@Suite("Lines of JSON that are written by hand")
struct JSONLineTests {
    @Test(
        "every text is read back as it was",
        arguments: [
            "", "plain", "a \"quoted\" \\ one", "a/b", "\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}", "\u{7F}\u{2028}é 漢 👩‍🚀",
            "\r\n",
        ])
    func texts(_ text: String) throws {
        var line = JSONLine()
        line.add("name", text)
        line.add("list", [text, text])
        #expect(!line.finished.contains { $0 < 0x20 })
        let read = try JSONSerialization.jsonObject(with: Data(line.finished)) as? NSDictionary
        #expect(read == ["name": text, "list": [text, text]])
    }

    @Test("members stand in the order they came, and what is absent is left out")
    func members() {
        var line = JSONLine()
        #expect(String(decoding: line.finished, as: UTF8.self) == "{}")
        line.add("at", Int64.min)
        line.add("user", String?.none)
        line.add("uid", UInt32?.none)
        line.add("cites", [String]())
        line.add("by", "ada")
        #expect(String(decoding: line.finished, as: UTF8.self) == "{\"at\":-9223372036854775808,\"by\":\"ada\"}")
    }

    @Test("an audit row has its keys in order")
    func row() throws {
        let event = AuditEvent(
            .codeRequested, actor: .visitor(address: "192.0.2.7"), at: Timestamp(microseconds: 5), account: nil,
            app: "wiki", proof: "code", reason: "a \"reason\"", outcome: .refused, nameHash: "ab",
            cites: [AuditHead(sequence: 1, mac: [UInt8](repeating: 0, count: 32))])
        let keys = event.row.matches(of: /"([A-Za-z]+)":/).map { String($0.1) }
        #expect(keys == keys.sorted() && keys.count == 10)
        #expect(try JSONSerialization.jsonObject(with: Data(event.row.utf8)) is [String: Any])
    }
}
