import Glibc
import Synchronization

/// A lock on one byte of the file `<database>-lock`, on a descriptor of its own.
///
/// Open-file-description locks instead of POSIX ones: they are exclusive between two descriptors of one process too, and
/// closing another descriptor of the file does not drop them (fcntl(2)).
final class SQLiteLock: SQLLock {
    /// `F_OFD_SETLK` of Linux (asm-generic/fcntl.h), which the headers hide without `_GNU_SOURCE`.
    private static let setLock: CInt = 37

    private let descriptor: Mutex<CInt?>
    private let range: flock

    /// Nil when somebody else holds the lock.
    init?(_ number: Int64, besideDatabase database: String) throws {
        let path = database + "-lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SQLError.file(path, errno: errno) }
        Self.giveToOwner(of: database, descriptor)
        range = Self.range(of: number)
        guard Self.set(F_WRLCK, on: range, descriptor) else {
            let failure = errno
            close(descriptor)
            if failure == EAGAIN || failure == EACCES { return nil }
            throw SQLError.file(path, errno: failure)
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        drop()
    }

    func release() async {
        drop()
    }

    private func drop() {
        let held = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        guard let held else { return }
        // Unlocked by word first: a process that is just being started holds a copy of the descriptor until it runs.
        _ = Self.set(F_UNLCK, on: range, held)
        close(held)
    }

    private static func range(of number: Int64) -> flock {
        var range = flock()
        range.l_whence = Int16(SEEK_SET)
        range.l_start = off_t(number & .max)
        range.l_len = 1
        return range
    }

    private static func set(_ type: CInt, on range: flock, _ descriptor: CInt) -> Bool {
        var range = range
        range.l_type = Int16(type)
        return fcntl(descriptor, setLock, &range) == 0
    }

    /// A lock file that root made must stay usable for the server's own user, as SQLite does with `-wal` and `-shm`.
    private static func giveToOwner(of database: String, _ descriptor: CInt) {
        var wanted = stat()
        var present = stat()
        guard geteuid() == 0, stat(database, &wanted) == 0, fstat(descriptor, &present) == 0 else { return }
        // Only a file that can be nothing else than a lock: a hard link to another file is not given away.
        guard present.st_mode & S_IFMT == S_IFREG, present.st_nlink == 1, present.st_size == 0 else { return }
        if present.st_uid != wanted.st_uid { _ = fchown(descriptor, wanted.st_uid, wanted.st_gid) }
    }
}
