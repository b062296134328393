#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Reads a settings file only if nobody but root or the caller could have written it (APP-9): settings choose the database,
/// the key and the policy, and bind what profiles may run.
struct SettingsFile {
    let path: String
    /// The user ids whose files are believed.
    let trustedOwners: Set<UInt32>

    /// House bound for documents from outside.
    static let maximumBytes = 256 * 1_024

    /// The text, or nil when there is no such file. All checks are made on the open descriptor, so what was checked is what
    /// is read. Throws `.unsafeFile`, `.unavailable` or, for a file that cannot be settings, `.badSettings`.
    ///
    /// - Returns: also whether users beside the owner can read it, which a file with a secret in it must not allow.
    func text() throws -> (text: String, isReadableByOthers: Bool)? {
        // Non-blocking, so that a pipe in the file's place cannot hang the start.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            try explainOpening(errno)
            return nil
        }
        defer { close(descriptor) }
        let mode = try checkOwnership(descriptor)
        let bytes = try contents(descriptor)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InstanceError(.badSettings, reason: "\(path): the settings file is not UTF-8 text")
        }
        return (text, mode & (S_IRGRP | S_IROTH) != 0)
    }

    private func explainOpening(_ number: Int32) throws {
        switch number {
        case ENOENT, ENOTDIR: return
        case ELOOP:
            throw InstanceError(
                .unsafeFile, reason: "\(path): the settings file is a symbolic link",
                hint: "name the file itself with --config")
        case EACCES:
            throw InstanceError(
                .unavailable, reason: "\(path): the settings file may not be read by this user",
                hint: "run as the owner of the data folder, or name other settings with --config")
        default:
            throw InstanceError(.unavailable, reason: "\(path): cannot open the settings file (errno \(number))")
        }
    }

    /// - Returns: the file's mode.
    private func checkOwnership(_ descriptor: Int32) throws -> mode_t {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw InstanceError(.badSettings, reason: "\(path): the settings file is not a regular file")
        }
        guard trustedOwners.contains(status.st_uid) else {
            throw InstanceError(
                .unsafeFile, reason: "\(path): the settings file belongs to another user (uid \(status.st_uid))",
                hint: "look through it, then make it root's: chown root \(path)")
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw InstanceError(
                .unsafeFile, reason: "\(path): other users can write the settings file",
                hint: "look through it, then close it: chmod go-w \(path)")
        }
        return status.st_mode
    }

    private func contents(_ descriptor: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1_024)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw InstanceError(.unavailable, reason: "\(path): cannot read the settings file (errno \(errno))")
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= SettingsFile.maximumBytes else {
                throw InstanceError(.badSettings, reason: "\(path): the settings file is larger than 256 KiB")
            }
        }
    }
}
