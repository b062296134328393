#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Where the settings of one run may come from, all of it given by the caller: nothing is read from the process inside.
public struct SettingsSources: Sendable {
    /// Settings that options give, by key (`database`, `data`): stronger than all else. A key that is not in the table is
    /// the caller's bug.
    public var commandLine: [String: String]
    /// The process's environment, whole: unknown names are looked for in it.
    public var environment: [String: String]
    /// `--config FILE`. When set, it must exist and no other file is looked for.
    public var configFile: String?
    /// The folder to look in when neither an option nor a variable names the data folder.
    public var defaultDataFolder: String
    /// The folder to look in after the data folder.
    public var systemFolder = "/etc/sparekey"
    /// The user ids whose settings files are believed: root and the caller. A caller that runs as root for a data folder
    /// of somebody else may add that owner.
    public var trustedOwners: Set<UInt32> = [0, geteuid()]

    public init(
        commandLine: [String: String] = [:], environment: [String: String], configFile: String? = nil,
        defaultDataFolder: String
    ) {
        self.commandLine = commandLine
        self.environment = environment
        self.configFile = configFile
        self.defaultDataFolder = defaultDataFolder
    }

    /// The files to try; the first that exists is the one that counts.
    var candidateFiles: [String] {
        if let configFile { return [configFile] }
        let named = [commandLine["data"], environment["SPAREKEY_DATA"]].compactMap { $0 }.first { !$0.isEmpty }
        return [named ?? defaultDataFolder, systemFolder].map { "\($0)/sparekey.yaml" }
    }
}

/// Where a value in force came from, as people are told.
public enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    case fallback
    case file(path: String, line: Int)
    case variable(String)
    case commandLine

    public var description: String {
        switch self {
        case .fallback: "default"
        case .file(let path, let line): "file \(path) line \(line)"
        case .variable(let name): "variable \(name)"
        case .commandLine: "command line"
        }
    }

    /// How an error begins that is about a value from here.
    var place: String {
        switch self {
        case .fallback: "default: "
        case .file(let path, let line): "\(path) line \(line): "
        case .variable(let name): "variable \(name): "
        case .commandLine: "command line: "
        }
    }
}
