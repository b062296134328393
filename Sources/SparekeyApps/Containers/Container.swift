/// A container as its engine or a compose file describes it: what is needed to find the database of the program in it.
public struct Container: Sendable, Equatable {
    /// A folder or file that the container and the machine share.
    public struct Mount: Sendable, Equatable {
        /// The path in the container.
        public let inside: String
        /// The path on this machine.
        public let outside: String
    }

    public let name: String
    public let image: String
    public let environment: [String: String]
    public let mounts: [Mount]
    /// Under which others reach it in their network, its own name among them.
    public let names: Set<String>
    /// In networks that only this machine's containers are in.
    public let addresses: [String]
    /// The ports of this machine by those of the container that they lead to.
    public let published: [Int: Int]
    public let workingFolder: String
    /// The compose project that it belongs to.
    public var project: String?

    /// Where `path` of the container is on this machine; nil for what lies in no mount. The innermost mount counts.
    func outside(_ path: String) -> String? {
        let path = path.hasPrefix("/") ? path : (workingFolder == "/" ? "" : workingFolder) + "/" + path
        let parts = path.split(separator: "/")
        // What climbs out of a mount is in another one, or in none.
        guard !parts.contains("..") else { return nil }
        let real = parts.filter { $0 != "." }
        let holding = mounts.filter { mount in
            let inside = mount.inside.split(separator: "/")
            return real.starts(with: inside)
        }
        guard let mount = holding.max(by: { $0.inside.count < $1.inside.count }) else { return nil }
        let rest = real.dropFirst(mount.inside.split(separator: "/").count)
        return rest.isEmpty ? mount.outside : mount.outside + "/" + rest.joined(separator: "/")
    }

    /// The image without registry, tag and digest: `gitea/gitea` for `docker.io/gitea/gitea:1.22@sha256:…`.
    var repository: String { Self.repository(of: image) }

    static func repository(of image: String) -> String {
        let plain = image.prefix { $0 != "@" }
        var parts = plain.split(separator: "/").map(String.init)
        if parts.count > 1, parts[0].contains(where: { ".:".contains($0) }) || parts[0] == "localhost" {
            parts.removeFirst()
        }
        if parts.count == 2, parts[0] == "library" { parts.removeFirst() }
        if let last = parts.popLast() { parts.append(String(last.prefix { $0 != ":" })) }
        return parts.joined(separator: "/").lowercased()
    }
}
