import Glibc

/// A file whose first line is the password of a database. Others must not be able to read it.
struct PasswordFile {
    /// What names the file, for messages.
    let setting: String
    let path: String

    /// - Throws: ``InstanceError`` `unavailable`, `unsafeFile`; the password is in neither.
    func password() throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw InstanceError(
                .unavailable,
                reason: "the file of the setting \(setting) cannot be read: \(String(cString: strerror(errno)))",
                hint: "\(path) holds the database's password in its first line; nothing was changed")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
            throw InstanceError(
                .unsafeFile, reason: "the file of the setting \(setting) can be read by others",
                hint: "chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        defer { WipedBuffer.wipe(&bytes) }
        let length = max(0, read(descriptor, &bytes, bytes.count))
        return String(decoding: bytes.prefix(length).prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
}
