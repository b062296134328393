import Glibc
import Sparekey
import SparekeyApps
import SparekeyOutbound

/// docker or podman on this machine, asked what it knows of containers: by its absolute path, without a shell, with no more
/// of the environment than it needs to find itself, ten seconds at most.
struct ContainerEngine {
    /// The programs that may be there; the first that is counts.
    var programs = ["/usr/bin/docker", "/usr/local/bin/docker", "/usr/bin/podman"]
    let environment: [String: String]
    var patience = Duration.seconds(10)

    /// More than a dozen containers need; what recordings are read to.
    private static let mostBytes = 256 * 1_024
    /// What an engine finds its socket and itself by.
    private static let passedOn = ["HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "CONTAINER_HOST"]

    /// What the engine says of one container, as JSON.
    ///
    /// - Throws: ``InstanceError`` `unavailable`, which names the way that needs no engine.
    func inspect(_ names: [String]) throws -> String {
        guard let first = names.first, names.allSatisfy(Self.isName) else {
            throw InstanceError(
                .badSettings, reason: "a container is not called so",
                hint: "its name has letters, digits, dots, dashes and underscores; docker ps lists those that run")
        }
        guard let program = programs.first(where: { access($0, X_OK) == 0 }) else {
            throw unavailable("there is no docker or podman here", first)
        }
        let answer = try run(program, ["inspect", "--type", "container"] + names, container: first)
        guard answer.status == 0 else {
            throw unavailable(
                "\(program) does not tell of the container \(first): there is none of that name, the engine does not run, or you may not ask it",
                first)
        }
        return answer.text
    }

    /// What the engine calls the containers of a compose project's service: compose names them by project and number, and
    /// another project's may be called as this one's service is.
    ///
    /// - Returns: nothing for a container of no project, and where the engine knows of none.
    func names(ofService service: String, inProjectOf container: Container) -> [String] {
        guard let project = container.project, Self.isName(project), Self.isName(service),
            let program = programs.first(where: { access($0, X_OK) == 0 })
        else { return [] }
        let filters = ["project=\(project)", "service=\(service)"].flatMap {
            ["--filter", "label=com.docker.compose.\($0)"]
        }
        let words = ["ps"] + filters + ["--format", "{{.Names}}"]
        guard let answer = try? run(program, words, container: container.name), answer.status == 0 else { return [] }
        return answer.text.split(whereSeparator: \.isNewline).map(String.init).filter(Self.isName)
    }

    /// Letters first, so that it can be no option.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (1...128).contains(text.utf8.count) else { return false }
        let isWord = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isWord(first) && text.utf8.allSatisfy { isWord($0) || "._-".utf8.contains($0) }
    }

    private func unavailable(_ what: String, _ name: String) -> InstanceError {
        InstanceError(
            .unavailable, reason: what,
            hint:
                "\"docker ps -a\" says which of these it is; where somebody else may ask, pipe it: docker inspect \(name) | sparekey apps add NAME --inspect -"
        )
    }
}

// Running it.
extension ContainerEngine {
    private func run(_ program: String, _ words: [String], container: String) throws -> (status: Int32, text: String) {
        let passed = Self.passedOn.compactMap { name in environment[name].map { "\(name)=\($0)" } }
        let child = ChildProgram(
            path: program, words: words, environment: ["PATH=/usr/local/bin:/usr/bin:/bin"] + passed,
            patience: patience, mostBytes: Self.mostBytes, flood: .ended, keepsErrors: false)
        switch child.run() {
        case .exited(let status, let output):
            guard let text = String(validating: output, as: UTF8.self) else {
                throw unavailable("\(program) answers with what is no text", container)
            }
            return (status, text)
        case .killed: throw unavailable("\(program) was ended by a signal", container)
        case .cutOff:
            throw unavailable("\(program) does not answer in time, or answers with more than 256 KiB", container)
        case .notStarted: throw unavailable("\(program) cannot be started", container)
        }
    }
}
