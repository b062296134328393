import Testing

@testable import SparekeyInstance

/// What a settings file may not be, by tables. Every refusal names the line.
@Suite struct SettingsDocumentTests {
    struct Refused: CustomTestStringConvertible, Sendable {
        let yaml: String
        let line: Int
        let words: String

        init(_ yaml: String, _ line: Int, _ words: String) {
            self.yaml = yaml
            self.line = line
            self.words = words
        }

        var testDescription: String { String(yaml.prefix(40)) }
    }

    static let values: [Refused] = [
        .init("\ntemporary_lifetime: 24", 2, "temporary_lifetime: expected a duration like 90s, 10m, 24h or 7d"),
        .init("undo.keep: 73h", 1, "at most 72h"),
        .init("undo:\n  keep: 4d", 2, "undo.keep: expected a duration"),
        .init("policy:\n\n  min_length: twelve", 3, "policy.min_length: expected a whole number from 8 to 64"),
        .init("policy.min_length: 7", 1, "from 8 to 64"),
        .init("policy.min_length: 1_2", 1, "from 8 to 64"),
        .init("policy.min_length:", 1, "from 8 to 64"),
        .init("policy.classes: 3", 1, "expected 0 or 4"),
        .init("policy.preset: strong", 1, "expected standard, nist-800-63b-4, complex or basic"),
        .init("sync_keys: yes", 1, "sync_keys: expected true or false"),
        .init("temporary: always", 1, "expected given, generated or never"),
        .init("key_file: instance.key", 1, "key_file: expected an absolute path"),
        .init("public_url: sparekey.example.org", 1, "public_url: expected an address like https://"),
        .init("public_url: https://u:p@example.org", 1, "public_url: expected"),
        .init("limits: none", 1, "limits: expected standard or off"),
        .init("limits:\n  request: 10", 2, "limits.request: expected two numbers like 30/10"),
        .init("limits.guess: 0/1", 1, "limits.guess: expected two numbers"),
        .init("hash.scheme: 'argon 2'", 1, "hash.scheme: expected one word"),
    ]

    static let keys: [Refused] = [
        .init("polcy.min_length: 10", 1, "policy.min_length"),
        .init("database: /x\nPolicy:\n  minlength: 10", 3, "policy.min_length"),
        .init("policy: standard", 1, "policy.preset"),
        .init("databse: /x", 1, "database"),
        .init("undo.kep: 1h", 1, "undo.keep"),
        .init("keep: 1h", 1, "undo.keep"),
        .init("\"\\e[31mdata\": /x", 1, "?[31mdata"),
    ]

    static let shapes: [Refused] = [
        .init("data: &a /x\nkey_file: *a", 1, "anchors"),
        .init("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", 1, "anchors"),
        .init("data: *a", 1, "undefined alias"),
        .init("policy.min_length: !!int 10", 1, "tags"),
        .init("policy: !x {min_length: 10}", 1, "tags"),
        .init("sync_keys: true\nsync_keys: false", 1, "sync_keys is given twice"),
        .init("policy: {history: 1}\npolicy.history: 2", 2, "given twice, first in line 1"),
        .init("database: [/a, /b]", 1, "expected one value"),
        .init("- a\n- b", 1, "expected keys and values"),
        .init("just words", 1, "expected keys and values"),
        .init("? [a, b]\n: 1", 1, "a key is not a plain word"),
        .init("sync_keys: true\n---\nsync_keys: false", 2, "another document"),
        .init("data: 'unfinished", 1, "not valid YAML"),
        .init("data: \"a\n", 2, "not valid YAML"),
        .init(String(repeating: "{a: ", count: 70) + "1" + String(repeating: "}", count: 70), 1, "nested too deeply"),
        .init(String(repeating: "[", count: 200_000), 1, "not valid YAML"),
    ]

    @Test("What a file may not hold is refused with file, line and reason", arguments: values + keys + shapes)
    func refused(_ sample: Refused) throws {
        let folder = try SettingsFolder(sample.yaml)
        folder.expectRefusal(.badSettings, containing: "\(folder.file) line \(sample.line): ")
        folder.expectRefusal(.badSettings, containing: sample.words)
    }

    @Test(
        "No error quotes a value",
        arguments: [
            "sync_keys: hunter2", "hunter2", "database: 'hunter2", "data: [hunter2]", "data: &a hunter2",
            "{data: hunter2",
            "data: hunter2\ndata: hunter2", "data: \"hunter2\\q\"", "database: hunter2\n\tdata: x", "data: hunter2: x",
        ])
    func neverQuoted(_ yaml: String) throws {
        let error = try #require(throws: InstanceError.self) { try SettingsFolder(yaml).load() }
        #expect(!"\(error) \(String(reflecting: error))".contains("hunter2"))
    }

    @Test("A wrong variable is named, with what was expected and without its value")
    func wrongVariable() throws {
        let folder = try SettingsFolder()
        let words = "variable SPAREKEY_UNDO_KEEP: undo.keep: expected a duration"
        folder.expectRefusal(.badSettings, containing: words) { $0.environment["SPAREKEY_UNDO_KEEP"] = "hunter2" }
        let error = #expect(throws: InstanceError.self) {
            try folder.load { $0.environment["SPAREKEY_UNDO_KEEP"] = "hunter2" }
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("A wrong value in the file is refused even where a variable overrides it")
    func overriddenIsStillChecked() throws {
        let folder = try SettingsFolder("undo.keep: soon")
        folder.expectRefusal(.badSettings, containing: "line 1: undo.keep") {
            $0.environment["SPAREKEY_UNDO_KEEP"] = "1h"
        }
    }

    @Test(
        "Variables may spell truth as shells do",
        arguments: [
            ("yes", true), ("1", true), ("TRUE", true), ("no", false), ("0", false), ("False", false),
        ])
    func looseTruth(_ sample: (String, Bool)) throws {
        #expect(try SettingsFolder().load { $0.environment["SPAREKEY_SYNC_KEYS"] = sample.0 }.syncKeys == sample.1)
    }

    @Test(
        "Durations are whole, positive and in bounds",
        arguments: [
            ("90s", 90), ("10m", 600), ("24h", 86_400), ("7d", 604_800), ("0s", nil), ("-1s", nil), ("+1s", nil),
            ("", nil),
            ("s", nil), ("1", nil), ("1.5h", nil), ("1 h", nil), ("1H", nil), ("9223372036854775807d", nil),
            ("99999999999999999999s", nil), ("3650d", 315_360_000), ("3651d", nil), ("١s", nil),
        ] as [(String, Int64?)])
    func durations(_ sample: (String, Int64?)) {
        #expect(Duration(setting: sample.0) == sample.1.map { .seconds($0) })
    }

    @Test(
        "The edit distance counts insertions, deletions and substitutions",
        arguments: [
            ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("kitten", "sitting", 3), ("data", "date", 1), ("ab", "ba", 2),
        ])
    func distance(_ sample: (String, String, Int)) {
        #expect(editDistance(sample.0, sample.1) == sample.2)
    }
}
