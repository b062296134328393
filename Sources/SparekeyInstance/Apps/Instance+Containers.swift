import Glibc
public import SparekeyApps

extension Instance {
    /// Where the program in a container keeps its database, asked of docker or podman: which profiles its image speaks for,
    /// the database's address on this machine, its password, and notes for a person. Opens no database.
    ///
    /// Where the container keeps its database in another one, that is asked about by the name that the first one has for it.
    ///
    /// - Parameter profile: which program it is, where that is known.
    /// - Throws: ``InstanceError``: `unavailable` where no engine answers; its hint names the way without one.
    public static func program(
        inContainer name: String, profile: String? = nil, _ options: InstanceOptions
    ) throws -> ContainerProgram {
        let engine = ContainerEngine(environment: options.environment)
        return try program(inContainer: name, profile: profile, engine: engine, options)
    }

    static func program(
        inContainer name: String, profile: String?, engine: ContainerEngine, _ options: InstanceOptions
    ) throws -> ContainerProgram {
        let profiles = try wanted(profile, options)
        do {
            var containers = try ContainerRecording(engine.inspect([name])).containers
            guard let container = containers.first else { preconditionFailure("a recording holds a container") }
            for host in container.hosts(known: profiles) where ContainerEngine.isName(host) {
                let names = engine.names(ofService: host, inProjectOf: container)
                guard let more = try? ContainerRecording(engine.inspect(names.isEmpty ? [host] : names)).containers
                else { continue }
                containers += more.map { $0.alsoNamed(host) }
            }
            return try ContainerProgram(
                in: containers, named: container.name, profiles: profiles, isThere: SmallFile.isThere)
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// The same from what an engine wrote, or from a compose file: no engine is asked.
    ///
    /// - Parameters:
    ///   - text: `docker inspect`'s answer, or a compose file.
    ///   - folder: where the compose file lies, whose `.env` is read; nil for what came through a pipe.
    ///   - container: which one of several.
    /// - Throws: ``InstanceError``.
    public static func program(
        recordedIn text: String, folder: String?, container: String?, profile: String? = nil, _ options: InstanceOptions
    ) throws -> ContainerProgram {
        let profiles = try wanted(profile, options)
        do {
            let recording = try ContainerRecording(text, folder: folder.map(absolutePath) ?? "/") { path in
                folder == nil ? nil : SmallFile.text(path)
            }
            return try ContainerProgram(
                in: recording.containers, named: container, profiles: profiles, isThere: SmallFile.isThere)
        } catch {
            throw InstanceError.translated(error)
        }
    }

    private static func wanted(_ profile: String?, _ options: InstanceOptions) throws -> [Profile] {
        let shelf = try profiles(options.forProgram)
        do {
            return try profile.map { [try shelf.named($0)] } ?? shelf.profiles()
        } catch {
            throw InstanceError.translated(error)
        }
    }
}

/// A file that somebody named, to be looked into.
public enum SmallFile {
    private static let mostBytes = 256 * 1_024

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// At most 256 KiB of text; nil for what is none, cannot be read, or is larger. A pipe is read to its end.
    public static func text(_ path: String) -> String? {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 16 * 1_024))
        while bytes.count <= mostBytes {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(validating: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
        return nil
    }
}
