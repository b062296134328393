import Glibc

/// A file whose first line is the password of a database, or another secret. Others must not be able to read it.
struct PasswordFile {
    /// What names the file, for messages.
    let setting: String
    let path: String
    /// What it holds, for messages.
    var holds = "the database's password"
    /// Whose files are taken; nil for anybody's.
    var trustedOwners: Set<UInt32>?

    /// - Throws: ``InstanceError`` `unavailable`, `unsafeFile`; the password is in neither.
    func password() throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw InstanceError(
                .unavailable,
                reason: "the file of the setting \(setting) cannot be read: \(String(cString: strerror(errno)))",
                hint: "\(path) holds \(holds) in its first line; nothing was changed")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
            throw InstanceError(
                .unsafeFile, reason: "the file of the setting \(setting) can be read by others",
                hint: "chmod 600 \(path)")
        }
        guard trustedOwners?.contains(status.st_uid) != false else {
            throw InstanceError(
                .unsafeFile,
                reason:
                    "the file of the setting \(setting) belongs to another user (uid \(status.st_uid)) than the settings",
                hint: "root reads it only where root's own settings name it, as in /etc/sparekey; nothing was changed")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        defer { WipedBuffer.wipe(&bytes) }
        let length = max(0, read(descriptor, &bytes, bytes.count))
        return String(decoding: bytes.prefix(length).prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
}
