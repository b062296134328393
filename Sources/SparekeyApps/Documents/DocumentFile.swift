import CProcess
import Glibc

/// A small file of another program that is read as a whole and replaced as a whole (house.md, Files).
///
/// It is reached through its folder's descriptor, and never through a link. The new file has the old one's owner, mode and
/// extended attributes (an ACL is one), is on the disk before it takes the old one's name, and takes it only while the old
/// one is still the file that was read. Whoever replaces it holds a lock on it, so that of two resets at once neither loses
/// what the other wrote.
struct DocumentFile {
    struct Content {
        let bytes: [UInt8]
        fileprivate let status: stat

        /// What is kept of a file: no file is still what was read then.
        init(kept bytes: [UInt8]) { self.init(bytes, stat()) }

        fileprivate init(_ bytes: [UInt8], _ status: stat) {
            self.bytes = bytes
            self.status = status
        }
    }

    let path: String
    private let folder: String
    let name: String
    private let mostBytes: Int

    init(path: String, mostBytes: Int) {
        self.path = path
        self.mostBytes = mostBytes
        let end = path.lastIndex(of: "/")
        folder = end.map { String(path[...$0]) } ?? "."
        name = end.map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// Nil where there is no such file.
    ///
    /// - Throws: ``AppsError`` `refused` for what is no plain file of the bounded size.
    func read() throws -> Content? {
        guard let folder = try openFolder() else { return nil }
        defer { close(folder) }
        return try read(in: folder)
    }

    /// - Returns: false where the file is no longer what was read; it is left alone then.
    func replace(_ old: Content, with bytes: [UInt8]) throws -> Bool {
        guard old.status.st_nlink == 1 else {
            throw refusal(
                "has a second name (a hard link)",
                hint:
                    "nothing was changed; a new file would leave the old password under the other name: remove that first, "
                    + "or write into the file itself with --in-place"
            )
        }
        guard let folder = try openFolder() else { return false }
        defer { close(folder) }
        return try locked(folder) {
            guard let now = try read(in: folder), now.isSame(as: old) else { return false }
            // What a reset that was cut off has left: only who holds the lock makes it.
            unlinkat(folder, draft, 0)
            do {
                try write(bytes, like: old, in: folder)
                guard let now = try read(in: folder), now.isSame(as: old) else {
                    unlinkat(folder, draft, 0)
                    return false
                }
                guard renameat(folder, draft, folder, name) == 0 else { throw notReplaced(errno) }
            } catch {
                unlinkat(folder, draft, 0)
                throw error
            }
            guard fsync(folder) == 0 else { throw refusal(Self.words(errno)) }
            return true
        }
    }

    /// Removes what a reset that was cut off may have left beside it.
    func removeDraft() throws {
        guard let folder = try openFolder() else { return }
        defer { close(folder) }
        guard faccessat(folder, draft, F_OK, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        _ = try locked(folder) { unlinkat(folder, draft, 0) == 0 }
    }

    /// Hidden, so that no program that reads every file of a folder reads it.
    private var draft: String { ".\(name).sparekey-new" }

    private static let patience = 500

    /// With the file open, by its own name and no link, and its lock.
    func lockedFile(access: Int32, _ body: (Int32) throws -> Bool) throws -> Bool {
        guard let folder = try openFolder() else { return false }
        defer { close(folder) }
        return try locked(folder) {
            let descriptor = try openExisting(in: folder, access)
            guard descriptor >= 0 else {
                if errno == ENOENT { return false }
                throw refusal("cannot be opened: \(Self.words(errno))")
            }
            defer { close(descriptor) }
            return try body(descriptor)
        }
    }

    /// With the file's lock, which goes with the file: where another has taken its name meanwhile, `body` sees that.
    private func locked(_ folder: Int32, _ body: () throws -> Bool) throws -> Bool {
        let descriptor = try openExisting(in: folder, O_RDONLY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var tries = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard [EWOULDBLOCK, EINTR].contains(errno), tries < Self.patience else {
                throw refusal(
                    "is locked by another program",
                    hint: "nothing was changed; try again, or see which: fuser -v \(path)")
            }
            tries += 1
            usleep(10_000)
        }
        return try body()
    }

    /// One folder after the other, each in the one before and none through a link: whoever owns one of them could lead root
    /// to a file that is not theirs.
    private func openFolder() throws -> Int32? {
        let names = folder.split(separator: "/").map(String.init)
        var current = open(folder.hasPrefix("/") ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (number, name) in names.enumerated() where current >= 0 {
            // The last one is read and synced; to pass through the others needs no right to read them.
            let access = number == names.count - 1 ? O_RDONLY : Self.pathOnly
            let next = openat(current, name, access | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let failure = errno
            let isLink = next < 0 && Self.isLink(name, in: current)
            close(current)
            if isLink { throw refusal("lies behind a symbolic link, \(name)") }
            (current, errno) = (next, failure)
        }
        if current >= 0 { return current }
        if [ENOENT, ENOTDIR].contains(errno) { return nil }
        throw refusal("cannot be opened: \(Self.words(errno))")
    }

    /// `O_PATH` of Linux (asm-generic/fcntl.h), which the headers hide without `_GNU_SOURCE`.
    private static let pathOnly: Int32 = 0o10_000_000

    private static func isLink(_ name: String, in folder: Int32) -> Bool {
        var status = stat()
        return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    private func read(in folder: Int32) throws -> Content? {
        let descriptor = try openExisting(in: folder, O_RDONLY)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw refusal(errno == ELOOP ? "is a symbolic link" : "cannot be opened: \(Self.words(errno))")
        }
        defer { close(descriptor) }
        return try content(descriptor)
    }

    func content(_ descriptor: Int32) throws -> Content {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal("is not a plain file")
        }
        guard status.st_size <= mostBytes else { throw refusal("is larger than \(mostBytes / 1_024) KiB") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var length = 0
        while length < bytes.count {
            let count = bytes[length...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(length))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw refusal("cannot be read: \(Self.words(errno))") }
            if count == 0 { break }
            length += count
        }
        guard length == Int(status.st_size) else { throw refusal("is being written by somebody else") }
        return Content(Array(bytes.prefix(length)), status)
    }

    private func write(_ bytes: [UInt8], like old: Content, in folder: Int32) throws {
        let descriptor = openat(folder, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal("no file can be made beside it: \(Self.words(errno))") }
        defer { close(descriptor) }
        try copyOwner(of: old, in: folder, to: descriptor)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw refusal("cannot be written: \(Self.words(errno))") }
            rest = rest.dropFirst(count)
        }
        try showChange(since: old, descriptor)
        guard fsync(descriptor) == 0 else { throw refusal("cannot be written: \(Self.words(errno))") }
    }

    /// Programs see that a file has changed by its time, some of them in whole seconds (Dovecot): two in one second would be
    /// one to them, so the later one counts as of the next.
    func showChange(since old: Content, _ descriptor: Int32) throws {
        var mine = stat()
        guard fstat(descriptor, &mine) == 0 else { throw refusal(Self.words(errno)) }
        guard mine.st_mtim.tv_sec <= old.status.st_mtim.tv_sec else { return }
        let time = timespec(tv_sec: old.status.st_mtim.tv_sec + 1, tv_nsec: 0)
        guard futimens(descriptor, [time, time]) == 0 else { throw refusal(Self.words(errno)) }
    }

    private func copyOwner(of old: Content, in folder: Int32, to descriptor: Int32) throws {
        let (user, group) = (old.status.st_uid, old.status.st_gid)
        var mine = stat()
        guard fstat(descriptor, &mine) == 0 else { throw refusal(Self.words(errno)) }
        if mine.st_uid != user || mine.st_gid != group, fchown(descriptor, user, group) != 0 {
            throw refusal("belongs to somebody else, and a new one could not be theirs")
        }
        try copyAttributes(in: folder, to: descriptor)
        // After the attributes: an ACL changes the mode's bits of the group.
        guard fchmod(descriptor, old.status.st_mode & 0o7777) == 0 else { throw refusal(Self.words(errno)) }
    }

    /// Attributes that the system keeps for itself are left to it.
    private func copyAttributes(in folder: Int32, to descriptor: Int32) throws {
        let source = try openExisting(in: folder, O_RDONLY)
        guard source >= 0 else { throw refusal("cannot be opened: \(Self.words(errno))") }
        defer { close(source) }
        var names = [CChar](repeating: 0, count: 65_536)
        let length = cprocess_attribute_names(source, &names, UInt(names.count))
        if length < 0, errno == ENOTSUP { return }
        guard length >= 0 else { throw refusal("its attributes cannot be read: \(Self.words(errno))") }
        let bytes = names.prefix(length).map { UInt8(bitPattern: $0) }
        for part in bytes.split(separator: 0) {
            let name = String(decoding: part, as: UTF8.self)
            guard name.hasPrefix("user.") || name.hasPrefix("system.posix_acl") else { continue }
            var value = [UInt8](repeating: 0, count: 65_536)
            let count = cprocess_attribute(source, name, &value, UInt(value.count))
            guard count >= 0, cprocess_set_attribute(descriptor, name, value, UInt(count)) == 0 else {
                throw refusal("its attribute \(name) cannot be kept: \(Self.words(errno))")
            }
        }
    }

    private func notReplaced(_ failure: Int32) -> AppsError {
        guard failure == EBUSY else { return refusal("cannot be replaced: \(Self.words(failure))") }
        return refusal(
            "is mounted by itself and cannot be replaced",
            hint:
                "nothing was changed; it is mounted into a container, say: reset outside, on the file that is mounted, or "
                + "write into the file itself with --in-place"
        )
    }

    func refusal(_ why: String, hint: String? = nil) -> AppsError {
        AppsError(
            .refused, reason: "\(path) \(why)",
            hint: hint
                ?? "nothing was changed; run sparekey as the file's owner or as root, and see to the folder's mode and space"
        )
    }

    static func words(_ failure: Int32) -> String { String(cString: strerror(failure)) }
}

extension DocumentFile.Content {
    func isSame(as other: Self) -> Bool {
        status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
            && status.st_mtim.tv_sec == other.status.st_mtim.tv_sec
            && status.st_mtim.tv_nsec == other.status.st_mtim.tv_nsec && bytes == other.bytes
    }
}
