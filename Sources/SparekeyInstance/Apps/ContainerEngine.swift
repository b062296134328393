import Glibc
import Sparekey

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
            throw unavailable("\(program) does not tell of the container \(first)", first)
        }
        return answer.text
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
                "run as somebody who may ask it, or pipe it: docker inspect \(name) | sparekey apps add NAME --inspect -"
        )
    }
}

// Running it.
extension ContainerEngine {
    private func run(_ program: String, _ words: [String], container: String) throws -> (status: Int32, text: String) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw unavailable("\(program) cannot be started", container) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let child = spawn(program, words, output: ends[1])
        close(ends[1])
        guard let child else { throw unavailable("\(program) cannot be started", container) }
        let bytes = read(ends[0])
        // It ends by itself, or has said too much or nothing for too long.
        if bytes == nil { kill(child, SIGKILL) }
        let status = wait(for: child)
        guard let bytes else {
            throw unavailable("\(program) does not answer in time, or answers with more than 256 KiB", container)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw unavailable("\(program) answers with what is no text", container)
        }
        return (status, text)
    }

    private func spawn(_ program: String, _ words: [String], output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let passed = Self.passedOn.compactMap { name in environment[name].map { "\(name)=\($0)" } }
        let arguments = ([program] + words).map { strdup($0) } + [nil]
        let variables = (["PATH=/usr/local/bin:/usr/bin:/bin"] + passed).map { strdup($0) } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var child = pid_t()
        return posix_spawn(&child, program, &actions, nil, arguments, variables) == 0 ? child : nil
    }

    /// Everything up to the end; nil where that does not come in time or is too far.
    private func read(_ descriptor: Int32) -> [UInt8]? {
        let deadline = ContinuousClock.now.advanced(by: patience)
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 16 * 1_024))
        while bytes.count <= Self.mostBytes {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return nil }
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = left.components.seconds * 1_000 + left.components.attoseconds / 1_000_000_000_000_000
            let ready = poll(&wanted, 1, Int32(milliseconds) + 1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        return nil
    }

    /// The exit status; -1 for a program that was ended.
    private func wait(for child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return -1 } }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }
}
