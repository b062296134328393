import Sparekey
import Testing

@testable import SparekeyInstance

@Suite struct SettingsTests {
    @Test("Without file and variables every default of the table is in force")
    func defaults() throws {
        let settings = try Settings.load(.init(environment: [:], defaultDataFolder: "/nonexistent"))
        #expect(settings.filePath == nil)
        #expect(settings.passwordPolicy == PasswordPolicy(.standard))
        #expect(settings.hashScheme == "argon2id")
        #expect(settings.hashCost == nil)
        #expect(settings.temporary == .given)
        #expect(settings.temporaryLifetime == .seconds(86_400))
        #expect(settings.undoKeep == .seconds(86_400))
        #expect(!settings.interactiveOnly && !settings.requireReason && !settings.syncKeys)
        #expect(settings.database == nil && settings.dataFolder == nil && settings.keyFile == nil)
        #expect(settings.publicURL == nil && settings.serverAddress == nil && settings.databasePasswordFile == nil)
        #expect(settings.listing.map(\.key) == settingTable.map(\.key))
        #expect(settings.listing.allSatisfy { $0.source == .fallback })
    }

    @Test("Command line beats variable beats file beats default, and each says where it came from")
    func precedence() throws {
        let folder = try SettingsFolder("database: /f.db\nkey_file: /f.key\nsync_keys: true\n")
        let settings = try folder.load {
            $0.environment = ["SPAREKEY_DATABASE": "/v.db", "SPAREKEY_KEY_FILE": "/v.key"]
            $0.commandLine = ["database": "/c.db"]
        }
        #expect(settings.database == "/c.db")
        #expect(settings.keyFile == "/v.key")
        #expect(settings.syncKeys)
        #expect(settings.source(of: "database").description == "command line")
        #expect(settings.source(of: "key_file").description == "variable SPAREKEY_KEY_FILE")
        #expect(settings.source(of: "sync_keys").description == "file \(folder.file) line 3")
        #expect(settings.source(of: "undo.keep").description == "default")
    }

    @Test("DATABASE_URL stands behind SPAREKEY_DATABASE, and an empty variable is none")
    func databaseVariables() throws {
        var sources = SettingsSources(environment: ["DATABASE_URL": "/d.db"], defaultDataFolder: "/nonexistent")
        #expect(try Settings.load(sources).database == "/d.db")
        sources.environment["SPAREKEY_DATABASE"] = ""
        #expect(try Settings.load(sources).database == "/d.db")
        sources.environment["SPAREKEY_DATABASE"] = "/s.db"
        #expect(try Settings.load(sources).source(of: "database") == .variable("SPAREKEY_DATABASE"))
    }

    @Test(
        "Nested and dotted keys mean the same",
        arguments: [
            "policy: {min_length: 10, preset: basic}", "policy:\n  min_length: 10\n  preset: basic",
            "policy.min_length: 10\npolicy.preset: basic", "policy.min_length: '10'\npolicy: {preset: \"basic\"}",
        ])
    func spellings(_ yaml: String) throws {
        let policy = try SettingsFolder(yaml).load().passwordPolicy
        #expect(policy == PasswordPolicy(.basic, minLength: 10))
    }

    @Test(
        "Limits are a switch and a section",
        arguments: [
            ("", true, "10/5"), ("limits: off", false, "10/5"), ("limits:\n  request: 20/10", true, "20/10"),
            ("limits: standard\nlimits.request: 20/10", true, "20/10"), ("limits:\n# request: 1/1", true, "10/5"),
            ("limits: off\nlimits.request: 1/1", false, "1/1"),
        ])
    func limits(_ sample: (String, Bool, String)) throws {
        let limits = try SettingsFolder(sample.0).load().limits
        #expect(limits.areOn == sample.1)
        #expect(limits.request.setting == sample.2)
        #expect(limits.signIn == RateLimit(perAddress: 30, perName: 10))
        let varied = try SettingsFolder().load { $0.environment["SPAREKEY_LIMITS_SIGN_IN"] = "60/20" }.limits
        #expect(varied.signIn == RateLimit(perAddress: 60, perName: 20))
    }

    @Test(
        "A file of comments, an empty one and an emptied section are no settings",
        arguments: [
            "", "# nothing yet\n", "policy:\n#  min_length: 10\n", "\u{feff}sync_keys: false",
        ])
    func nothing(_ yaml: String) throws {
        #expect(try SettingsFolder(yaml).load().passwordPolicy == PasswordPolicy())
    }

    @Test("Values derived from others show in the listing as what is in force")
    func derived() throws {
        let settings = try SettingsFolder("policy.preset: complex").load()
        let listed = Dictionary(uniqueKeysWithValues: settings.listing.map { ($0.key, $0.value) })
        #expect(listed["policy.preset"] == "complex")
        #expect(listed["policy.min_length"] == "12")
        #expect(listed["policy.classes"] == "4")
        #expect(listed["policy.strength_bits"] == "10")
    }

    @Test(
        "The listing shows no password of an address and nothing of a secret",
        arguments: [
            ("postgres://u:hunter2@db/x", "postgres://u:********@db/x"),
            ("postgres://u:hun@ter2@db/x", "postgres://u:********@db/x"),
            ("postgres://u@db/x?password=hunter2", "postgres://u@db/x?********"),
            ("postgres://u@db/x?sslmode=require", "postgres://u@db/x?sslmode=require"),
            ("/var/lib/a.db", "/var/lib/a.db"),
        ])
    func masking(_ sample: (String, String)) throws {
        let settings = try Settings.load(
            .init(environment: ["DATABASE_URL": sample.0], defaultDataFolder: "/nonexistent"))
        #expect(settings.listing.first { $0.key == "database" }?.value == sample.1)
        let secret = SettingDefinition("secret", "SPAREKEY_SECRET", kind: .word, default: .unset("none"), secret: true)
        #expect(secret.masked(sample.0) == "********")
    }

    @Test("A variable that looks like ours and is not is reported with the nearest name, without its value")
    func unknownVariables() throws {
        let environment = ["SPAREKEY_POLICY_MINLENGTH": "hunter2", "PATH": "/bin", "SPAREKEY_POLICY": "basic"]
        let warnings = try Settings.load(.init(environment: environment, defaultDataFolder: "/nonexistent")).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("SPAREKEY_POLICY_MINLENGTH") == true)
        #expect(warnings.first?.hasSuffix("SPAREKEY_POLICY_MIN_LENGTH") == true)
        #expect(warnings.first?.contains("hunter2") == false)
    }

    @Test("No key and no variable stands in the table twice")
    func tableIsSound() {
        #expect(Set(settingTable.map(\.key)).count == settingTable.count)
        let variables = settingTable.flatMap(\.variables)
        #expect(Set(variables).count == variables.count)
    }

    @Test("A default in the table is a value that its own setting accepts")
    func defaultsAreValid() {
        for definition in settingTable {
            guard case .text(let text) = definition.fallback else { continue }
            #expect(definition.kind.value(of: text, inFile: true) != nil, "\(definition.key)")
        }
    }

    @Test("Settings printed by accident show no value")
    func notReflected() throws {
        let settings = try SettingsFolder("database: postgres://u:hunter2@db/x").load()
        var dumped = "\(settings) \(String(reflecting: settings))"
        dump(settings, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test("A slash at the end of an address is dropped")
    func trailingSlash() throws {
        let settings = try SettingsFolder("public_url: https://id.example.org/\n").load()
        #expect(settings.publicURL == "https://id.example.org")
    }
}
