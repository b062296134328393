import Glibc
import Sparekey

/// A small file that is replaced as a whole: whoever reads it sees the old one or the new one, and after a crash too.
struct ReplacedFile {
    let path: String

    /// What is there now, so that a change by somebody else is noticed; nil where there is nothing.
    struct State: Equatable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
        let mode: UInt32
        let user: UInt32
        let group: UInt32
        let links: UInt64
    }

    func state() -> State? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return State(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, mode: status.st_mode,
            user: status.st_uid, group: status.st_gid, links: UInt64(status.st_nlink))
    }

    /// Puts `text` in the file's place, with the old one's owner and mode, or 0600.
    ///
    /// - Parameter expected: what was there when the text was made from it; something else now is left alone.
    /// - Throws: ``InstanceError`` `notWritable`, `busy`; the old file is whole then.
    func replace(with text: String, expecting expected: State?, random: any RandomSource) throws {
        if let expected, expected.links > 1 { throw refusal("has a second name (a hard link)") }
        let draft = "\(path).\(random.bytes(8).hexadecimal).new"
        do {
            try write(text, to: draft, like: expected)
            guard state() == expected else {
                throw InstanceError(
                    .busy, reason: "\(path) was changed by somebody else meanwhile",
                    hint: "nothing was changed; run it again")
            }
            guard rename(draft, path) == 0 else { throw refusal(String(cString: strerror(errno))) }
        } catch {
            unlink(draft)
            throw error
        }
        try FolderSync.sync(folderOf: path)
    }

    private func write(_ text: String, to draft: String, like old: State?) throws {
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        if let old {
            let isOwner = old.user == geteuid() && old.group == getegid()
            guard isOwner || fchown(descriptor, old.user, old.group) == 0,
                fchmod(descriptor, old.mode & 0o7777) == 0
            else { throw refusal("belongs to somebody else, and a new one could not be theirs") }
        }
        var bytes = Array(text.utf8)
        defer { WipedBuffer.wipe(&bytes) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw refusal(String(cString: strerror(errno))) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw refusal(String(cString: strerror(errno))) }
    }

    private func refusal(_ why: String) -> InstanceError {
        InstanceError(
            .notWritable, reason: "\(path) cannot be replaced: \(why)",
            hint: "nothing was changed; run sparekey as the file's owner, and see to the folder's mode and space")
    }
}

/// flock(2) on a folder: one of us at a time changes files in it, and no file of its own is left behind.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``InstanceError`` `busy` after two seconds, `notWritable` where there is no such folder.
    init(_ path: String) throws {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            throw InstanceError(
                .notWritable, reason: "the folder \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard Self.take(folder) else {
            close(folder)
            throw InstanceError(
                .busy, reason: "the folder \(path) is being changed by another sparekey",
                hint: "nothing was changed; try again when it has ended")
        }
        descriptor = folder
    }

    private static func take(_ folder: Int32) -> Bool {
        for _ in 1...200 {
            if flock(folder, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(10_000)
        }
        return false
    }

    deinit { close(descriptor) }
}
