import StrictYAML

/// What `docker inspect` or `podman inspect` wrote, or a compose file.
public struct ContainerRecording: Sendable {
    public let containers: [Container]

    /// - Parameters:
    ///   - text: at most 256 KiB, 64 levels deep, without keys given twice, anchors, aliases or tags. JSON is YAML that is
    ///     written in one way only, and is read by the same reader.
    ///   - folder: where a compose file lies; what it names is relative to it.
    ///   - file: reads a file that a compose file names, `.env` too; nil where there is none.
    /// - Throws: ``AppsError`` `badRecording`. It repeats no value: a recording is full of passwords.
    public init(_ text: String, folder: String = "/", file: @escaping (String) throws -> String? = { _ in nil }) throws
    {
        let root: YAMLValue
        do {
            guard let read = try YAMLValue.read(text) else { throw Self.fault("there is nothing in it") }
            root = read
        } catch let fault as YAMLFault {
            throw Self.fault(fault.line == 0 ? fault.what : "line \(fault.line): \(fault.what)")
        }
        if root["services"] != nil {
            containers = try ComposeFile(root, folder: folder, file: file).containers
        } else {
            let documents = root.values.isEmpty ? [root] : root.values
            containers = documents.compactMap(Container.init(inspected:))
        }
        guard !containers.isEmpty else { throw Self.fault("no container is described in it") }
    }

    static func fault(_ what: String) -> AppsError {
        AppsError(
            .badRecording, reason: "what describes the container cannot be used: \(what)",
            hint:
                "give the output of docker inspect NAME, or a compose file; docker compose config writes one out without "
                + "anchors; nothing was changed")
    }
}

extension AppsError.Code {
    /// What describes a container does not, or does not say where the database is.
    public static let badRecording = AppsError.Code("badRecording")
}

extension Container {
    /// One element of the list that `docker inspect` writes; nil for what is no container.
    init?(inspected value: YAMLValue) {
        guard let config = value["Config"], let name = value["Name"]?.text else { return nil }
        let network = value["NetworkSettings"]
        let networks = network?["Networks"]?.members.map(\.value) ?? []
        let own = name.hasPrefix("/") ? String(name.dropFirst()) : name
        let aliases = networks.flatMap { ($0["Aliases"]?.values ?? []) + ($0["DNSNames"]?.values ?? []) }
        let service = config["Labels"]?["com.docker.compose.service"]?.text
        self.name = own
        image = config["Image"]?.text ?? value["ImageName"]?.text ?? ""
        environment = Self.environment(config["Env"]?.values.compactMap(\.text) ?? [])
        mounts = (value["Mounts"]?.values ?? []).compactMap { mount in
            guard let inside = mount["Destination"]?.text, let outside = mount["Source"]?.text, outside.hasPrefix("/")
            else { return nil }
            return Mount(inside: inside, outside: outside)
        }
        names = Set(aliases.compactMap(\.text) + [own] + [service].compactMap(\.self))
        addresses = ([network?["IPAddress"]] + networks.map { $0["IPAddress"] }).compactMap { $0?.text }
            .filter { !$0.isEmpty }
        published = Self.published(network?["Ports"]?.members ?? [])
        project = config["Labels"]?["com.docker.compose.project"]?.text
        workingFolder = config["WorkingDir"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? "/"
    }

    /// Of `NAME=VALUE` the last one counts, as in the container.
    static func environment(_ words: [String]) -> [String: String] {
        words.reduce(into: [:]) { found, word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
        }
    }

    /// `"5432/tcp": [{"HostIp": "0.0.0.0", "HostPort": "5432"}]`
    private static func published(_ ports: [YAMLMember]) -> [Int: Int] {
        ports.reduce(into: [:]) { found, port in
            guard port.key.hasSuffix("/tcp"), let inside = Int(port.key.dropLast(4)) else { return }
            let outside = port.value.values.lazy.filter { isReachedByLoopback($0["HostIp"]?.text ?? "") }
                .compactMap { $0["HostPort"]?.text.flatMap { Int($0) } }.first
            if let outside { found[inside] = outside }
        }
    }

    /// Whether what is published at `address` is found at 127.0.0.1.
    static func isReachedByLoopback(_ address: String) -> Bool {
        ["", "0.0.0.0", "127.0.0.1", "::", "[::]"].contains(address)
    }
}
