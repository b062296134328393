#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Reads a file that decides what is done only if nobody but root or the caller could have written it (APP-9): settings
/// choose the database, the key and the policy, and bind what profiles may run; profiles choose what a reset changes.
struct TrustedFile {
    /// What the file is: the words for it, and what it is called when it cannot be believed.
    struct Kind {
        let words: String
        let malformed: InstanceError.Code
        /// What to do about a symbolic link, and about a file that may not be read.
        let linkHint: String
        let closedHint: String

        static let settings = Kind(
            words: "the settings file", malformed: .badSettings, linkHint: "name the file itself with --config",
            closedHint: "run as the owner of the data folder, or name other settings with --config")
        static let profile = Kind(
            words: "the profile", malformed: .badProfile, linkHint: "put the file itself in its place",
            closedHint: "run as the owner of the data folder, or let this user read the file")
    }

    let kind: Kind
    let path: String
    /// The user ids whose files are believed.
    let trustedOwners: Set<UInt32>

    /// House bound for documents from outside.
    static let maximumBytes = 256 * 1_024

    /// The text, or nil when there is no such file. All checks are made on the open descriptor, so what was checked is what
    /// is read. Throws `.unsafeFile`, `.unavailable` or, for a file that cannot be one of its kind, `.badSettings` or `.badProfile`.
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
            throw InstanceError(kind.malformed, reason: "\(path): \(kind.words) is not UTF-8 text")
        }
        return (text, mode & (S_IRGRP | S_IROTH) != 0)
    }

    private func explainOpening(_ number: Int32) throws {
        switch number {
        case ENOENT, ENOTDIR: return
        case ELOOP:
            throw InstanceError(
                .unsafeFile, reason: "\(path): \(kind.words) is a symbolic link",
                hint: kind.linkHint)
        case EACCES:
            throw InstanceError(
                .unavailable, reason: "\(path): \(kind.words) may not be read by this user",
                hint: kind.closedHint)
        default:
            throw InstanceError(.unavailable, reason: "\(path): cannot open \(kind.words) (errno \(number))")
        }
    }

    /// - Returns: the file's mode.
    private func checkOwnership(_ descriptor: Int32) throws -> mode_t {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw InstanceError(kind.malformed, reason: "\(path): \(kind.words) is not a regular file")
        }
        guard trustedOwners.contains(status.st_uid) else {
            throw InstanceError(
                .unsafeFile, reason: "\(path): \(kind.words) belongs to another user (uid \(status.st_uid))",
                hint: "look through it, then make it root's: chown root \(path)")
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw InstanceError(
                .unsafeFile, reason: "\(path): other users can write \(kind.words)",
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
                throw InstanceError(.unavailable, reason: "\(path): cannot read \(kind.words) (errno \(errno))")
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= Self.maximumBytes else {
                throw InstanceError(kind.malformed, reason: "\(path): \(kind.words) is larger than 256 KiB")
            }
        }
    }
}
