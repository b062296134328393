import Testing

@testable import SparekeyApps

@Suite("A JSON document whose members are replaced")
struct JSONTextTests {
    func text(_ json: String) throws -> JSONText { try JSONText(Array(json.utf8)) }

    @Test("differs in the member that was replaced and in no other byte")
    func splice() throws {
        let before = "{ \"a\" : 1,\n\t\"b\":[ 1, {\"a\":2} ], \"c\": \"x\\u00e9\\ud83d\\ude00\" ,\"d\":null}  \n"
        let after = try text(before).replacing(["a": .bool(true), "c": .string("q\"\\\u{1}é")])
        #expect(
            String(decoding: after.bytes, as: UTF8.self)
                == "{ \"a\" : true,\n\t\"b\":[ 1, {\"a\":2} ], \"c\": \"q\\\"\\\\\\u0001é\" ,\"d\":null}  \n")
        #expect(after["c"] == .string("q\"\\\u{1}é"))
        #expect(try text(before)["c"] == .string("xé😀"))
    }

    @Test("a member that is not there, or is no single value, is not made up")
    func missing() throws {
        #expect(throws: JSONText.Fault.self) { try self.text("{\"a\":1}").replacing(["b": .null]) }
        #expect(throws: JSONText.Fault.self) { try self.text("{\"a\":{}}").replacing(["a": .null]) }
    }

    @Test(
        "what parsers read in different ways is refused",
        arguments: [
            "", "[]", "{", "{}}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}",
            "{\"a\":1.}",
            "{\"a\":1,\"a\":2}", "{\"b\":{\"a\":1,\"\\u0061\":2}}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}",
            "{\"a\":\"\u{1}\"}", "{\"a\":\"\\x\"}", "{\"a\":tru}", "{\"a\":NaN}", "{'a':1}", "{\"a\":1}//", "{a:1}",
            "{\"a\":\"\\u00+1\"}", "\u{FEFF}{}",
        ])
    func refused(json: String) {
        #expect(throws: JSONText.Fault.self) { try self.text(json) }
    }

    @Test("depth, size and encoding are bounded")
    func bounds() throws {
        let deepest = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        _ = try text("{\"a\":\(deepest)}")
        #expect(throws: JSONText.Fault.self) { try self.text("{\"a\":[\(deepest)]}") }
        #expect(throws: JSONText.Fault.self) {
            try self.text("{\"a\":\"" + String(repeating: "x", count: JSONText.mostBytes) + "\"}")
        }
        #expect(throws: JSONText.Fault.self) { try JSONText(Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8)) }
    }
}
