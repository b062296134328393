import StrictYAML
import Testing

@testable import SparekeyApps

@Suite("A document whose values are replaced")
struct DocumentTextTests {
    static let lines = LineForm(fields: ["name", "hash", "note"], least: 2, takesRest: false, isEscaped: false)
    static let escaped = LineForm(fields: ["name", "hash", "note"], least: 3, takesRest: true, isEscaped: true)

    static func json(_ text: String) throws -> DocumentText { try DocumentText(Array(text.utf8), as: .single) }

    static func yaml(_ text: String) throws -> DocumentText {
        try DocumentText(
            Array(text.utf8), as: DocumentForm(notation: .yaml, accounts: .members(["users"], key: "name")))
    }

    static func lines(_ text: String, _ form: LineForm = lines) throws -> DocumentText {
        try DocumentText(Array(text.utf8), as: DocumentForm(notation: .lines(form), accounts: .list([])))
    }

    static func text(_ document: DocumentText) -> String { String(decoding: document.bytes, as: UTF8.self) }

    @Test("differs in the member of JSON that was replaced and in no other byte")
    func splicedJSON() throws {
        let before = "{ \"a\" : 1,\n\t\"b\":[ 1, {\"a\":2} ], \"c\": \"x\\u00e9\\ud83d\\ude00\" ,\"d\":null}  \n"
        let after = try Self.json(before).replacing(["a": .bool(true), "c": .string("q\"\\\u{1}é")], in: 0)
        #expect(
            Self.text(after)
                == "{ \"a\" : true,\n\t\"b\":[ 1, {\"a\":2} ], \"c\": \"q\\\"\\\\\\u0001é\" ,\"d\":null}  \n")
        #expect(after.records[0].fields["c"] == .string("q\"\\\u{1}é"))
        #expect(try Self.json(before).records[0].fields["c"] == .string("xé😀"))
    }

    @Test("a member that is not there, or is no single value, is not made up")
    func missing() throws {
        #expect(throws: DocumentText.Fault.self) { try Self.json("{\"a\":1}").replacing(["b": .null], in: 0) }
        #expect(throws: DocumentText.Fault.self) { try Self.json("{\"a\":{}}").replacing(["a": .null], in: 0) }
        #expect(throws: DocumentText.Fault.self) { try Self.lines("a:b").replacing(["note": .string("c")], in: 0) }
        let user = "users:\n  a: {hash: x}\n"
        #expect(throws: DocumentText.Fault.self) { try Self.yaml(user).replacing(["name": .string("b")], in: 0) }
    }

    @Test(
        "what parsers of JSON read in different ways is refused",
        arguments: [
            "", "[]", "{", "{}}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}",
            "{\"a\":1.}",
            "{\"a\":1,\"a\":2}", "{\"b\":{\"a\":1,\"\\u0061\":2}}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}",
            "{\"a\":\"\u{1}\"}", "{\"a\":\"\\x\"}", "{\"a\":tru}", "{\"a\":NaN}", "{'a':1}", "{\"a\":1}//", "{a:1}",
            "{\"a\":\"\\u00+1\"}", "\u{FEFF}{}",
        ])
    func refused(json: String) {
        #expect(throws: DocumentText.Fault.self) { try Self.json(json) }
    }

    @Test("depth, size and encoding are bounded")
    func bounds() throws {
        let deepest = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        _ = try Self.json("{\"a\":\(deepest)}")
        #expect(throws: DocumentText.Fault.self) { try Self.json("{\"a\":[\(deepest)]}") }
        #expect(throws: DocumentText.Fault.self) {
            try Self.json("{\"a\":\"" + String(repeating: "x", count: DocumentForm.single.mostBytes) + "\"}")
        }
        let broken = Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8)
        #expect(throws: DocumentText.Fault.self) { try DocumentText(broken, as: .single) }
    }

    @Test("keeps every other byte of lines: comments of any encoding, CR and LF, a last line without an end")
    func splicedLines() throws {
        let form = DocumentForm(notation: .lines(Self.lines), accounts: .list([]))
        let comment: [UInt8] = [0x23, 0xE9, 0x0D, 0x0A]
        let before = comment + Array("a:one:x\r\n\r\n b:two:\nc:three".utf8)
        let document = try DocumentText(before, as: form)
        #expect(document.records.map(\.line) == [2, 4, 5])
        #expect(document.records.map { $0.fields["name"] } == [.string("a"), .string(" b"), .string("c")])
        let after = try document.replacing(["hash": .string("$2y$new")], in: 1)
            .replacing(["hash": .string("4")], in: 2)
        #expect(after.bytes == comment + Array("a:one:x\r\n\r\n b:$2y$new:\nc:4".utf8))
    }

    @Test("reads what is written behind a backslash, and no comment at a line's end")
    func escapedLines() throws {
        let document = try Self.lines("a\\:b:one:x \\# y\\\\ : rest  # gone: too\n#c:d:e\n", Self.escaped)
        #expect(document.records.count == 1)
        #expect(
            document.records[0].fields
                == ["name": .string("a:b"), "hash": .string("one"), "note": .string("x # y\\ : rest")])
        let after = try document.replacing(["hash": .string("x:#\\")], in: 0)
        #expect(Self.text(after) == "a\\:b:x\\:\\#\\\\:x \\# y\\\\ : rest  # gone: too\n#c:d:e\n")
    }

    @Test("refuses lines that hold no account, and values that are no field", arguments: ["a", "a:b:c:d", "a:b\nc"])
    func refused(lines: String) throws {
        #expect(throws: DocumentText.Fault.self) { try Self.lines(lines) }
        for value in ["x:y", "x\ny", "x\ry", "\0"] {
            #expect(throws: DocumentText.Fault.self) {
                try Self.lines("a:b").replacing(["hash": .string(value)], in: 0)
            }
        }
    }

    @Test(
        "differs in the value of YAML that was replaced and in no other byte, in the quotes that were there",
        arguments: [
            ("users:\n  a:\n    hash: \"x\\\"y\"  # é\n    on: yes\n", "\"$2y$10$a/b.c\""),
            ("users:\r\n  a:\r\n    hash: 'it''s' # é\r\n", "'$2y$10$a/b.c'"),
            ("# é\nusers: {a: {é: ü, hash: plain, b: [1, 2]}}\n", "$2y$10$a/b.c"),
            ("---\nusers:\n    a: { \"é😀\": \"é😀\", hash: x# }\n...\n", "$2y$10$a/b.c"),
        ])
    func splicedYAML(before: String, new: String) throws {
        let document = try Self.yaml(before)
        let after = try document.replacing(["hash": .string("$2y$10$a/b.c")], in: 0)
        let old = try #require(["\"x\\\"y\"", "'it''s'", "plain", "x#"].first { before.contains($0) })
        #expect(Self.text(after) == before.replacing(old, with: new))
        #expect(after.records[0].fields["hash"] == .string("$2y$10$a/b.c"))
    }

    @Test(
        "quotes what would be something else in YAML",
        arguments: ["true", "12", "null", "a: b", "x #y", "- a", "{", "it's", "é", ""])
    func quoted(value: String) throws {
        let after = try Self.yaml("users: {a: {hash: x, flag: true}}").replacing(
            ["hash": .string(value), "flag": .bool(false)], in: 0)
        #expect(after.records[0].fields == ["name": .string("a"), "hash": .string(value), "flag": .bool(false)])
    }

    @Test(
        "refuses a value of YAML that is not written in one piece, and says where",
        arguments: ["|\n      x\n", ">-\n      x\n", "x\n      y\n", "\"x\n      y\"\n", "'x\n      y'\n"])
    func folded(value: String) throws {
        let document = try Self.yaml("users:\n  a:\n    hash: \(value)")
        let fault = try #require(throws: DocumentText.Fault.self) {
            try document.replacing(["hash": .string("y")], in: 0)
        }
        #expect(fault.words == "line 3: hash is written over several lines, or as a block")
    }

    @Test(
        "refuses YAML that can be read in two ways",
        arguments: [
            "users: &u {a: {hash: x}}", "users: {a: &h {hash: x}, b: *h}", "users: {a: !!str {hash: x}}",
            "users: {a: {hash: x}, a: {hash: y}}", "users: [a]", "people: {a: {hash: x}}", "", "users: {a: x}",
        ])
    func refused(yaml: String) {
        #expect(throws: DocumentText.Fault.self) { try Self.yaml(yaml) }
    }
}

/// A sequence that is the same in every run (SplitMix64).
private struct Repeatable: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("A mangled file of accounts")
struct MangledDocumentTests {
    /// What a scanner stumbles over.
    static let pieces: [[UInt8]] =
        [
            "\\", ":", "#", "\n", "\r", "\r\n", "\"", "'", "{", "}", "[", "]", "|", ">", "&a ", "*a", "\t", "é", "😀",
            "  ", ", ",
        ]
        .map { Array($0.utf8) } + [[0xFF], [0x00], [0xC3], []]

    @Test("is read or refused, and what is replaced in it is that and nothing else", arguments: FileProgramTests.names)
    func mangled(name: String) async throws {
        let place = try #require(try ProfileShelf().named(name).accounts.first)
        let form = try #require(place.store.form)
        try await FileProgramTests.with(name) { path in
            let bytes = try FileProgramTests.bytes(path)
            var random = Repeatable(state: 4_711)
            var replaced = 0
            for _ in 0..<150 {
                var mangled = bytes
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let start = Int.random(in: 0..<mangled.count, using: &random)
                    let end = min(mangled.count, start + Int.random(in: 0...2, using: &random))
                    mangled.replaceSubrange(start..<end, with: Self.pieces.randomElement(using: &random) ?? [])
                }
                guard let before = try? DocumentText(mangled, as: form), let old = before.records.first,
                    let after = try? before.replacing(["password": .string("$2y$new")], in: 0)
                else { continue }
                replaced += 1
                var fields = old.fields
                fields["password"] = .string("$2y$new")
                #expect(after.records.first?.fields == fields)
                #expect(after.records.dropFirst().map(\.fields) == before.records.dropFirst().map(\.fields))
            }
            #expect(replaced > 0)
        }
    }
}
