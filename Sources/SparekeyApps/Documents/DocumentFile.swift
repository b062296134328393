import CProcess
import Glibc

/// A small file of another program that is read as a whole and replaced as a whole (house.md, Files).
///
/// It is reached through its folder's descriptor, and never through a link. The new file has the old one's owner, mode and
/// extended attributes (an ACL is one), is on the disk before it takes the old one's name, and takes it only while the old
/// one is still the file that was read.
struct DocumentFile {
    struct Content {
        let bytes: [UInt8]
        fileprivate let status: stat
    }

    let folder: String
    /// Relative to the folder, without `..`.
    let name: String

    var path: String { "\(folder)/\(name)" }

    /// Nil where there is no such file.
    ///
    /// - Throws: ``AppsError`` `refused` for what is no plain file of the bounded size.
    func read() throws -> Content? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw refusal("cannot be opened: \(Self.words(errno))")
        }
        defer { close(descriptor) }
        return try content(descriptor)
    }

    /// - Returns: false where the file is no longer what was read; it is left alone then.
    func replace(_ old: Content, with bytes: [UInt8], draft suffix: String) throws -> Bool {
        guard old.status.st_nlink == 1 else { throw refusal("has a second name (a hard link)") }
        let draft = "\(path).\(suffix).new"
        do {
            try write(bytes, to: draft, like: old)
            guard let now = try read(), now.isSame(as: old) else {
                unlink(draft)
                return false
            }
            guard rename(draft, path) == 0 else {
                // A single file that is mounted into a container cannot be replaced.
                throw refusal(errno == EBUSY ? "is mounted by itself and cannot be replaced" : Self.words(errno))
            }
        } catch {
            unlink(draft)
            throw error
        }
        try syncFolder()
        return true
    }

    private func content(_ descriptor: Int32) throws -> Content {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal("is not a plain file")
        }
        guard status.st_size <= JSONText.mostBytes else { throw refusal("is larger than 256 KiB") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var length = 0
        while length < bytes.count {
            let count = bytes[length...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw refusal("cannot be read: \(Self.words(errno))") }
            if count == 0 { break }
            length += count
        }
        guard length == Int(status.st_size) else { throw refusal("is being written by somebody else") }
        return Content(bytes: Array(bytes.prefix(length)), status: status)
    }

    private func write(_ bytes: [UInt8], to draft: String, like old: Content) throws {
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal("no file can be made beside it: \(Self.words(errno))") }
        defer { close(descriptor) }
        try copyOwner(of: old, to: descriptor)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw refusal("cannot be written: \(Self.words(errno))") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw refusal("cannot be written: \(Self.words(errno))") }
    }

    private func copyOwner(of old: Content, to descriptor: Int32) throws {
        let (user, group) = (old.status.st_uid, old.status.st_gid)
        var mine = stat()
        guard fstat(descriptor, &mine) == 0 else { throw refusal(Self.words(errno)) }
        if mine.st_uid != user || mine.st_gid != group, fchown(descriptor, user, group) != 0 {
            throw refusal("belongs to somebody else, and a new one could not be theirs")
        }
        try copyAttributes(to: descriptor)
        // After the attributes: an ACL changes the mode's bits of the group.
        guard fchmod(descriptor, old.status.st_mode & 0o7777) == 0 else { throw refusal(Self.words(errno)) }
    }

    /// Attributes that the system keeps for itself are left to it.
    private func copyAttributes(to descriptor: Int32) throws {
        var names = [CChar](repeating: 0, count: 65_536)
        let length = cprocess_attribute_names(path, &names, UInt(names.count))
        if length < 0, errno == ENOTSUP { return }
        guard length >= 0 else { throw refusal("its attributes cannot be read: \(Self.words(errno))") }
        let bytes = names.prefix(length).map { UInt8(bitPattern: $0) }
        for part in bytes.split(separator: 0) {
            let name = String(decoding: part, as: UTF8.self)
            guard name.hasPrefix("user.") || name.hasPrefix("system.posix_acl") else { continue }
            var value = [UInt8](repeating: 0, count: 65_536)
            let count = cprocess_attribute(path, name, &value, UInt(value.count))
            guard count >= 0, cprocess_set_attribute(descriptor, name, value, UInt(count)) == 0 else {
                throw refusal("its attribute \(name) cannot be kept: \(Self.words(errno))")
            }
        }
    }

    private func syncFolder() throws {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let descriptor = open(String(path[..<end]) + "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal(Self.words(errno)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw refusal(Self.words(errno)) }
    }

    private func refusal(_ why: String) -> AppsError {
        AppsError(
            .refused, reason: "\(path) \(why)",
            hint:
                "nothing was changed; run sparekey as the file's owner or as root, and see to the folder's mode and space"
        )
    }

    private static func words(_ failure: Int32) -> String { String(cString: strerror(failure)) }
}

extension DocumentFile.Content {
    fileprivate func isSame(as other: Self) -> Bool {
        status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
            && status.st_mtim.tv_sec == other.status.st_mtim.tv_sec
            && status.st_mtim.tv_nsec == other.status.st_mtim.tv_nsec && bytes == other.bytes
    }
}
