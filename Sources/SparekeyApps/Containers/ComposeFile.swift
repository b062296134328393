import StrictYAML

/// The services of a compose file, as the containers that they become.
struct ComposeFile {
    private let root: YAMLValue
    private let folder: String
    private let variables: [String: String]
    private let file: (String) throws -> String?
    private let filling = Filling()

    /// How much text came out of names so far: a short file can name a long value often.
    private final class Filling {
        static let most = 262_144
        var total = 0
    }

    /// - Parameter file: reads a file that it names; nil where there is none.
    init(_ root: YAMLValue, folder: String, file: @escaping (String) throws -> String?) throws {
        (self.root, self.folder, self.file) = (root, folder, file)
        variables = EnvironmentFile.variables(try file(folder + "/.env") ?? "")
    }

    var containers: [Container] {
        get throws {
            let found = try (root["services"]?.members ?? []).map { try container($0.key, $0.value) }
            guard filling.total <= Filling.most else {
                throw ContainerRecording.fault("its names stand for more than \(Filling.most / 1024) KiB of text")
            }
            return found
        }
    }

    private func container(_ service: String, _ value: YAMLValue) throws -> Container {
        let name = filled(value["container_name"]?.text) ?? service
        return Container(
            name: name, image: filled(value["image"]?.text) ?? "", environment: try environment(value),
            mounts: (value["volumes"]?.values ?? []).compactMap(mount), names: [service, name], addresses: [],
            published: published(value["ports"]?.values ?? []), workingFolder: value["working_dir"]?.text ?? "/")
    }

    private func environment(_ service: YAMLValue) throws -> [String: String] {
        let files = service["env_file"].map { $0.values.isEmpty ? [$0] : $0.values } ?? []
        var found: [String: String] = [:]
        for name in files.compactMap({ filled($0.text ?? $0["path"]?.text) }) {
            found.merge(EnvironmentFile.variables(try file(absolute(name)) ?? "")) { $1 }
        }
        let own = service["environment"]
        found.merge(Container.environment(own?.values.compactMap { filled($0.text) } ?? [])) { $1 }
        for member in own?.members ?? [] {
            // A name without a value is taken over from where compose runs.
            found[member.key] = filled(member.value.text) ?? variables[member.key]
        }
        return found
    }

    private func mount(_ value: YAMLValue) -> Container.Mount? {
        if let target = value["target"]?.text {
            return filled(value["source"]?.text).map { .init(inside: target, outside: outside($0)) }
        }
        guard let text = filled(value.text) else { return nil }
        let parts = text.split(separator: ":").map(String.init)
        return parts.count < 2 ? nil : .init(inside: parts[1], outside: outside(parts[0]))
    }

    /// A path, or a named volume's folder where docker keeps volumes.
    private func outside(_ source: String) -> String {
        if let first = source.first, "/.~".contains(first) { return absolute(source) }
        let declared = root["volumes"]?[source]
        if let name = declared?["name"]?.text { return Self.volume(filled(name) ?? name) }
        let isExternal = declared?["external"]?.text == "true"
        return Self.volume(isExternal ? source : "\(project)_\(source)")
    }

    private static func volume(_ name: String) -> String { "/var/lib/docker/volumes/\(name)/_data" }

    private var project: String {
        let name = filled(root["name"]?.text) ?? variables["COMPOSE_PROJECT_NAME"]
        let folder = name ?? self.folder.split(separator: "/").last.map(String.init) ?? ""
        return folder.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
    }

    private func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let parts = path.split(separator: "/").filter { $0 != "." }
        var base = folder.split(separator: "/")
        for part in parts {
            if part == ".." { _ = base.popLast() } else { base.append(part) }
        }
        return "/" + base.joined(separator: "/")
    }

    /// `5432:5432`, `127.0.0.1:15432:5432/tcp`, or the long form.
    private func published(_ ports: [YAMLValue]) -> [Int: Int] {
        ports.reduce(into: [:]) { found, port in
            if let inside = port["target"]?.text.flatMap({ Int($0) }), let outside = filled(port["published"]?.text) {
                if Container.isReachedByLoopback(port["host_ip"]?.text ?? "") { found[inside] = Int(outside) }
                return
            }
            let words = (filled(port.text) ?? "").prefix { $0 != "/" }.split(separator: ":").map(String.init)
            guard words.count >= 2, let inside = Int(words[words.count - 1]), let outside = Int(words[words.count - 2]),
                words.count == 2 || Container.isReachedByLoopback(words[0])
            else { return }
            found[inside] = outside
        }
    }

    private func filled(_ text: String?) -> String? {
        text.map { text in
            let filled = EnvironmentFile.filled(text, from: variables, limit: Filling.most - filling.total)
            filling.total += filled.utf8.count
            return filled
        }
    }
}

/// `NAME=VALUE` lines, and the `${NAME}` that stand for them.
enum EnvironmentFile {
    static func variables(_ text: String) -> [String: String] {
        text.split(whereSeparator: \.isNewline).reduce(into: [:]) { found, line in
            var line = line.drop { $0 == " " }
            if line.hasPrefix("export ") { line = line.dropFirst("export ".count) }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !line.hasPrefix("#") else { return }
            found[String(parts[0].filter { $0 != " " })] = unquoted(parts[1])
        }
    }

    private static func unquoted(_ text: Substring) -> String {
        let value = text.drop { $0 == " " }
        for quote in "\"'" where value.first == quote {
            return String(value.dropFirst().prefix { $0 != quote })
        }
        let plain = value.firstRange(of: " #").map { value[..<$0.lowerBound] } ?? value
        return String(plain.reversed().drop { $0 == " " }.reversed())
    }

    /// `$NAME`, `${NAME}`, `${NAME:-value}` and `$$`, as compose has them; a name that nobody set is empty. Goes on no
    /// further than it takes to be longer than `limit` bytes.
    static func filled(_ text: String, from variables: [String: String], limit: Int) -> String {
        var (filled, rest) = ("", text[...])
        while filled.utf8.count <= limit, let dollar = rest.firstIndex(of: "$") {
            filled += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                filled += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{", let end = rest.firstIndex(of: "}") {
                filled += value(of: rest[..<end].dropFirst(), from: variables)
                rest = rest[rest.index(after: end)...]
            } else {
                let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                filled += name.isEmpty ? "$" : variables[String(name)] ?? ""
                rest = rest.dropFirst(name.count)
            }
        }
        return filled + rest
    }

    private static func value(of inner: Substring, from variables: [String: String]) -> String {
        let name = inner.prefix { $0 != ":" && $0 != "-" && $0 != "?" }
        let operation = inner.dropFirst(name.count)
        let value = variables[String(name)]
        guard let dash = operation.first(where: { $0 != ":" }), dash == "-" else { return value ?? "" }
        let isMissing = operation.hasPrefix(":") ? (value ?? "").isEmpty : value == nil
        return isMissing ? String(operation.drop { $0 == ":" }.dropFirst()) : value ?? ""
    }
}
