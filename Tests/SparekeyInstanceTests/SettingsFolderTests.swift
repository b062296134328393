import Foundation
import Testing

@testable import SparekeyInstance

/// A data folder of its own with a settings file in it, gone with the last reference.
final class SettingsFolder {
    let path: String
    var file: String { path + "/sparekey.yaml" }

    init(_ yaml: String? = nil) throws {
        path = FileManager.default.temporaryDirectory.path + "/settings-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if let yaml { try write(Array(yaml.utf8)) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Loads what is here and nowhere else, but for what `change` adds. The folder lives until that is done.
    func load(_ change: (inout SettingsSources) -> Void = { _ in }) throws -> Settings {
        try withExtendedLifetime(self) {
            var sources = SettingsSources(environment: [:], defaultDataFolder: path)
            sources.systemFolder = path + "/etc"
            change(&sources)
            return try Settings.load(sources)
        }
    }

    /// The settings are refused with this code and these words.
    func expectRefusal(
        _ code: InstanceError.Code, containing words: String, at location: SourceLocation = #_sourceLocation,
        _ change: (inout SettingsSources) -> Void = { _ in }
    ) {
        let error = #expect(throws: InstanceError.self, sourceLocation: location) { try load(change) }
        #expect(error?.code == code, sourceLocation: location)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")", sourceLocation: location)
    }

    func write(_ bytes: [UInt8], to name: String = "sparekey.yaml", mode: Int = 0o600) throws {
        let target = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: target))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: target)
    }
}

/// Which file is read, and which is refused.
@Suite struct SettingsFolderTests {
    @Test("The data folder's file counts before the system's")
    func order() throws {
        let folder = try SettingsFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/etc", withIntermediateDirectories: true)
        try folder.write(Array("hash.cost: '10'".utf8), to: "etc/sparekey.yaml")
        #expect(try folder.load().hashCost == "10")
        try folder.write(Array("hash.cost: '11'".utf8))
        #expect(try folder.load().hashCost == "11")
    }

    @Test("An option or variable for the data folder moves the place to look in")
    func namedDataFolder() throws {
        let here = try SettingsFolder("hash.cost: '10'")
        let other = try SettingsFolder("hash.cost: '11'")
        #expect(try other.load { $0.environment["SPAREKEY_DATA"] = here.path }.hashCost == "10")
        #expect(try other.load { $0.commandLine["data"] = here.path }.hashCost == "10")
        #expect(try other.load().hashCost == "11")
    }

    @Test("A file named with --config must exist, and is then the only one")
    func named() throws {
        let folder = try SettingsFolder("hash.cost: '11'")
        let other = folder.path + "/other.yaml"
        folder.expectRefusal(.badSettings, containing: "other.yaml") { $0.configFile = other }
        try folder.write(Array("sync_keys: true".utf8), to: "other.yaml")
        #expect(try folder.load { $0.configFile = other }.hashCost == nil)
    }

    @Test("A file that others can write is refused, with the command that closes it", arguments: [0o620, 0o602, 0o666])
    func writableByOthers(_ mode: Int) throws {
        let folder = try SettingsFolder()
        try folder.write(Array("sync_keys: true".utf8), mode: mode)
        folder.expectRefusal(.unsafeFile, containing: "other users can write")
    }

    @Test("A file that others can only read is accepted")
    func readableByOthers() throws {
        let folder = try SettingsFolder()
        try folder.write(Array("sync_keys: true".utf8), mode: 0o644)
        #expect(try folder.load().syncKeys)
    }

    @Test("A file of somebody who is neither root nor the caller is refused")
    func foreignOwner() throws {
        let folder = try SettingsFolder("sync_keys: true")
        folder.expectRefusal(.unsafeFile, containing: "another user") {
            #expect($0.trustedOwners == [0, geteuid()])
            $0.trustedOwners = [4_000_000_001]
        }
    }

    @Test("A symbolic link, a folder and a pipe are refused without hanging")
    func notAFile() throws {
        let folder = try SettingsFolder()
        try folder.write(Array("sync_keys: true".utf8), to: "real.yaml")
        try FileManager.default.createSymbolicLink(atPath: folder.file, withDestinationPath: folder.path + "/real.yaml")
        folder.expectRefusal(.unsafeFile, containing: "symbolic link")
        try FileManager.default.removeItem(atPath: folder.file)
        try FileManager.default.createDirectory(atPath: folder.file, withIntermediateDirectories: false)
        folder.expectRefusal(.badSettings, containing: "not a regular file")
        try FileManager.default.removeItem(atPath: folder.file)
        #expect(mkfifo(folder.file, 0o600) == 0)
        folder.expectRefusal(.badSettings, containing: "not a regular file")
    }

    @Test("A file over 256 KiB is refused, one of 256 KiB is read")
    func size() throws {
        let folder = try SettingsFolder("#" + String(repeating: "x", count: 256 * 1_024 - 1))
        #expect(try folder.load().filePath == folder.file)
        try folder.write(Array(repeating: UInt8(ascii: "#"), count: 256 * 1_024 + 1))
        folder.expectRefusal(.badSettings, containing: "larger than 256 KiB")
    }

    @Test("A file that is not UTF-8 is refused")
    func encoding() throws {
        let folder = try SettingsFolder()
        try folder.write(Array("hash.cost: ".utf8) + [0xFF])
        folder.expectRefusal(.badSettings, containing: "not UTF-8")
    }
}
