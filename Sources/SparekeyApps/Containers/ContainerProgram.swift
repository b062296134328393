/// What containers say of a program's database: which program it is, where its database is on this machine, and how to
/// sign in there. Nothing is opened.
public struct ContainerProgram: Sendable, Equatable {
    public let container: String
    /// The names of profiles that the image speaks for; empty where it is unknown.
    public let likely: [String]
    /// A path, or a URL without a password.
    public let address: String
    /// What the container was given.
    public let password: String?
    /// The file on this machine that holds it, where the container was given a file.
    public let passwordFile: String?
    /// What a person should know: where each of it comes from.
    public let notes: [String]

    /// - Parameters:
    ///   - containers: the program's, and the database's where that is another.
    ///   - name: which of them; nil where only one is a program's.
    ///   - profiles: the programs that there are; one where it was named.
    ///   - isThere: whether there is such a file; it decides between programs where the image does not.
    /// - Throws: ``AppsError`` `badRecording`.
    public init(
        in containers: [Container], named name: String?, profiles: [Profile],
        isThere: (String) -> Bool = { _ in true }
    ) throws {
        let container = try Self.chosen(containers, name, profiles)
        let likely = profiles.filter { $0.container.images.contains(container.repository) }
        let search = ContainerSearch(container: container, others: containers)
        let found = try likely.isEmpty ? search.only(by: profiles, isThere) : search.place(by: likely)
        guard let place = found else {
            throw Self.fault(
                "the container \(container.name) keeps its database in no place that this machine shares",
                "name it with --database; what lies inside a container is copied out by docker cp; nothing was changed")
        }
        let image = container.image.isEmpty ? "" : " (image \(container.image))"
        self.container = container.name
        self.likely = likely.map(\.name)
        (address, password, passwordFile) = (place.address, place.password, place.passwordFile)
        notes = ["found by the container \(container.name)\(image)"] + place.notes
    }

    private static func chosen(_ containers: [Container], _ name: String?, _ profiles: [Profile]) throws -> Container {
        let names = containers.map(\.name).joined(separator: ", ")
        if let name {
            if let container = containers.first(where: { $0.name == name })
                ?? containers.first(where: { $0.names.contains(name) })
            {
                return container
            }
            throw fault("no container of that name is described", "there are \(names); nothing was changed")
        }
        if containers.count == 1 { return containers[0] }
        let images = Set(profiles.flatMap(\.container.images))
        let known = containers.filter { images.contains($0.repository) }
        if known.count == 1 { return known[0] }
        throw fault(
            "several containers are described, and which one is meant cannot be told",
            "say it with --container NAME: \(names); nothing was changed")
    }

    static func fault(_ reason: String, _ hint: String) -> AppsError {
        AppsError(.badRecording, reason: reason, hint: hint)
    }
}

/// Looks in one container's variables and mounts.
struct ContainerSearch {
    struct Place {
        let address: String
        var password: String?
        var passwordFile: String?
        var notes: [String] = []
    }

    let container: Container
    let others: [Container]

    func place(by profiles: [Profile]) throws -> Place? {
        try told(by: profiles) ?? usualFile(of: profiles)
    }

    /// The same where the image is nobody's that is known: what every program that finds something finds alike.
    ///
    /// - Throws: ``AppsError`` where two find different places: the first one is not the right one for being the first.
    func only(by profiles: [Profile], _ isThere: (String) -> Bool) throws -> Place? {
        let said = profiles.compactMap { profile in (try? told(by: [profile])).map { (profile.name, $0) } }
        let usual = profiles.flatMap { profile in usualFiles(of: [profile]).map { (profile.name, $0) } }
        let there = usual.filter { isThere($0.1.address) }
        let found = said.isEmpty ? (there.isEmpty ? usual : there) : said
        guard Set(found.map(\.1.address)).count > 1 else { return try found.first?.1 ?? told(by: profiles) }
        throw ContainerProgram.fault(
            "the image of the container \(container.name) is no program's that is known, and it may be any of "
                + Set(found.map(\.0)).sorted().joined(separator: ", "),
            "say which one it is with --profile NAME; nothing was changed")
    }

    /// What the variables say to the first program that understands them.
    ///
    /// - Returns: nil where they say nothing to any.
    /// - Throws: ``AppsError`` for what they say and cannot be used: no other place is the right one then.
    func told(by profiles: [Profile]) throws -> Place? {
        var failure: (any Error)?
        for profile in profiles {
            do {
                if let place = try told(by: profile) { return place }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }

    /// The first of the usual places that lies in a mount.
    func usualFile(of profiles: [Profile]) -> Place? { usualFiles(of: profiles).first }

    private func usualFiles(of profiles: [Profile]) -> [Place] {
        let isFile = { (profile: Profile) in profile.databases.contains { [.sqlite, .file].contains($0) } }
        let places = profiles.filter(isFile).flatMap(\.usualPlaces)
        return places.compactMap { container.outside($0) }.map { Place(address: $0) }
    }

    /// What the variables say that the profile names, and `DATABASE_URL` for every program.
    private func told(by profile: Profile) throws -> Place? {
        if let url = value(.url, profile) ?? container.environment["DATABASE_URL"], !url.isEmpty {
            return try place(ContainerURL(url), profile)
        }
        guard let kind = kind(profile), profile.databases.contains(kind) else { return nil }
        if kind == .sqlite { return try value(.path, profile).map { try file($0) } }
        guard let host = value(.host, profile) else { return nil }
        var url = ContainerURL(
            kind: kind, host: host, name: value(.name, profile) ?? "", user: value(.user, profile) ?? "")
        if let port = value(.port, profile).flatMap({ Int($0) }) { url.port = port }
        url.password = value(.password, profile)
        let place = try server(url)
        return url.password == nil ? passwordFile(place, profile.container.variables[.password] ?? []) : place
    }

    /// An empty variable is how compose files leave one out.
    private func value(_ part: ContainerHints.Part, _ profile: Profile) -> String? {
        let names = profile.container.variables[part] ?? []
        return names.compactMap { container.environment[$0] }.first { !$0.isEmpty }
    }

    /// Where no variable says it, the other container's image does, else the first that the profile names.
    private func kind(_ profile: Profile) -> Profile.DatabaseKind? {
        if let word = value(.kind, profile) { return ContainerURL.kind(word) }
        guard let host = value(.host, profile) else { return Profile.DatabaseKind.sqlite }
        let image = others.first { $0.names.contains(String(host.prefix { $0 != ":" })) }?.repository ?? ""
        if image.contains("postg") { return .postgresql }
        if image.contains("maria") || image.contains("mysql") { return .mariadb }
        return profile.databases.first { $0 != .sqlite }
    }

    private func place(_ url: ContainerURL, _ profile: Profile) throws -> Place? {
        guard profile.databases.contains(url.kind) else { return nil }
        return url.kind == .sqlite ? try file(url.path) : try server(url)
    }

    private func file(_ path: String) throws -> Place {
        if let outside = container.outside(path) { return Place(address: outside) }
        throw ContainerProgram.fault(
            "the database of the container \(container.name) lies inside it, in no folder that this machine shares",
            "copy it out with docker cp, or give it a volume; nothing was changed")
    }

    /// `NAME_FILE` and `NAME__FILE` are how images take a password from a file.
    private func passwordFile(_ place: Place, _ names: [String]) -> Place {
        var place = place
        let files = names.flatMap { [$0 + "_FILE", $0 + "__FILE"] }.compactMap { container.environment[$0] }
        guard let inside = files.first else { return place }
        if let outside = container.outside(inside) {
            place.passwordFile = outside
        } else {
            place.notes.append("its password lies inside the container; give it with --password-file")
        }
        return place
    }
}

// Where a server is, seen from this machine.
extension ContainerSearch {
    private func server(_ url: ContainerURL) throws -> Place {
        var url = url
        var notes = url.password == nil ? [] : ["its password is the one that the container was given"]
        let isItself = ["localhost", "127.0.0.1", "::1"].contains(url.host)
        let isMachine = ["host.docker.internal", "host.containers.internal"].contains(url.host)
        guard url.host.hasPrefix("/") == false else {
            throw ContainerProgram.fault(
                "the database of the container \(container.name) is reached by a socket inside it",
                "name the socket on this machine with --database; nothing was changed")
        }
        if isMachine {
            url.host = "127.0.0.1"
        } else if let other = isItself ? container : others.first(where: { $0.names.contains(url.host) }) {
            notes += try reach(other, &url)
        } else if !url.host.contains(".") && !url.host.contains(":") {
            throw unknown(url.host)
        }
        let password = url.password
        return Place(address: url.address, password: password, notes: notes)
    }

    private func reach(_ other: Container, _ url: inout ContainerURL) throws -> [String] {
        if let port = other.published[url.port] {
            (url.host, url.port) = ("127.0.0.1", port)
            return ["its database is the container \(other.name), by the port that it publishes"]
        }
        guard let address = other.addresses.first else {
            throw ContainerProgram.fault(
                "the database container \(other.name) has no address and publishes no port on this machine",
                "start it and use --container \(container.name), or name it with --database; nothing was changed")
        }
        url.host = address
        url.isLocalNetwork = true
        return ["its database is the container \(other.name), in a network of this machine, without encryption"]
    }

    private func unknown(_ host: String) -> AppsError {
        ContainerProgram.fault(
            "the container \(container.name) keeps its database in another one, which is not described",
            "describe both: docker inspect \(container.name) \(host); nothing was changed")
    }
}

extension Container {
    /// The hosts in which its variables say that the database is, whatever the program; those that may be other containers.
    public func hosts(known profiles: [Profile]) -> [String] {
        let named = Set(profiles.flatMap { $0.container.variables[.host] ?? [] })
        let urls = Set(profiles.flatMap { $0.container.variables[.url] ?? [] } + ["DATABASE_URL"])
        let hosts =
            named.compactMap { environment[$0] }.compactMap { $0.split(separator: ":").first.map(String.init) }
            + urls.compactMap { environment[$0] }.compactMap { try? ContainerURL($0).host }
        return Set(hosts).filter { !$0.isEmpty && !$0.contains(".") && $0 != "localhost" && !names.contains($0) }
            .sorted()
    }

    /// The same, reached by one more name.
    public func alsoNamed(_ name: String) -> Container {
        Container(
            name: self.name, image: image, environment: environment, mounts: mounts, names: names.union([name]),
            addresses: addresses, published: published, workingFolder: workingFolder, project: project)
    }
}
