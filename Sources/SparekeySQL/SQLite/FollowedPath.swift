import Glibc

/// A path of somebody else's, followed one name after the other as root, who must not be led astray on it (SEC-16).
///
/// A symbolic link that is not root's leads only to what belongs to the link's owner: else whoever may write one folder on the
/// way would choose which of root's files is changed. Without root's rights a path is what the system makes of it.
public struct FollowedPath: Sendable {
    /// Absolute, and without links as they were.
    public let text: String
    /// Whose the file is that it led to.
    let owner: (user: uid_t, group: gid_t)

    /// As many as the system itself follows (path_resolution(7)).
    private static let mostLinks = 40
    /// `O_PATH` of Linux (asm-generic/fcntl.h), which the headers hide without `_GNU_SOURCE`.
    private static let pathOnly: CInt = 0o10_000_000

    /// - Throws: ``SQLError`` `unavailable` for what is not there, and for a link that is not followed.
    public init(_ path: String) throws {
        guard geteuid() == 0 else {
            (text, owner) = try Self.resolved(path)
            return
        }
        var walk = try Walk(path)
        defer { walk.end() }
        try walk.follow()
        text = "/" + walk.names.joined(separator: "/")
        owner = (walk.status.st_uid, walk.status.st_gid)
        if let stranger = walk.strangers.first(where: { $0 != walk.status.st_uid }) {
            throw SQLError(
                .unavailable,
                reason:
                    "\(path): a symbolic link of user #\(stranger) leads to \(text), which is not that user's: root does not "
                    + "follow it; name the file itself")
        }
    }

    private static func resolved(_ path: String) throws -> (String, (uid_t, gid_t)) {
        guard let resolved = realpath(path, nil) else { throw SQLError.file(path, errno: errno) }
        defer { free(resolved) }
        let text = String(cString: resolved)
        var status = stat()
        guard stat(text, &status) == 0 else { throw SQLError.file(path, errno: errno) }
        return (text, (status.st_uid, status.st_gid))
    }

    /// Each folder is opened in the one before and stays so: a name that is exchanged meanwhile changes nothing.
    private struct Walk {
        let path: String
        var rest: [String]
        /// Of the folders, and at last of the file.
        var names: [String] = []
        var folders: [CInt] = []
        var strangers: [uid_t] = []
        var status = stat()

        init(_ path: String) throws {
            self.path = path
            let whole = path.hasPrefix("/") ? path : (currentFolder() ?? "") + "/" + path
            rest = whole.split(separator: "/").map(String.init).reversed()
            try enter("/", in: AT_FDCWD)
        }

        mutating func follow() throws {
            var links = 0
            while let name = rest.popLast() {
                switch name {
                case ".": continue
                case "..": leave()
                default:
                    guard let target = try step(name) else { continue }
                    links += 1
                    guard links <= FollowedPath.mostLinks else { throw SQLError.file(path, errno: ELOOP) }
                    if status.st_uid != 0 { strangers.append(status.st_uid) }
                    if target.hasPrefix("/") { while names.count > 0 { leave() } }
                    rest += target.split(separator: "/").map(String.init).reversed()
                }
            }
        }

        /// - Returns: where a link leads; nil for what is none, which is entered.
        private mutating func step(_ name: String) throws -> String? {
            guard let folder = folders.last else { throw SQLError.file(path, errno: ENOTDIR) }
            let descriptor = openat(folder, name, FollowedPath.pathOnly | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw SQLError.file(path, errno: errno) }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                folders.append(descriptor)
                names.append(name)
                return nil
            }
            defer { close(descriptor) }
            var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlinkat(descriptor, "", &bytes, bytes.count)
            guard count > 0, count < bytes.count else { throw SQLError.file(path, errno: errno) }
            return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        private mutating func enter(_ name: String, in folder: CInt) throws {
            let descriptor = openat(folder, name, FollowedPath.pathOnly | O_CLOEXEC)
            guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw SQLError.file(path, errno: errno) }
            folders.append(descriptor)
        }

        private mutating func leave() {
            guard !names.isEmpty else { return }
            names.removeLast()
            if let last = folders.popLast() { close(last) }
        }

        func end() {
            for folder in folders { close(folder) }
        }
    }
}

private func currentFolder() -> String? {
    guard let text = getcwd(nil, 0) else { return nil }
    defer { free(text) }
    return String(cString: text)
}
