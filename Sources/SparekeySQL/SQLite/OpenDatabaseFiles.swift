import Glibc
import Synchronization

/// Which database files this process has open.
///
/// SQLite's locks are POSIX record locks: closing *any* descriptor of a file drops the locks the whole process holds on
/// it (fcntl(2); sqlite.org/howtocorrupt.html, 2.2). So a descriptor that was opened to look at a file is kept while
/// that file is open as a database.
enum OpenDatabaseFiles {
    fileprivate struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
        }
    }

    private struct Entry {
        var users = 0
        var kept: [CInt] = []
    }

    private static let entries = Mutex<[Identity: Entry]>([:])

    /// One use of a file as a database.
    final class Registration: Sendable {
        private let identity: Mutex<Identity?>

        fileprivate init(_ identity: Identity) {
            self.identity = Mutex(identity)
        }

        /// After SQLite has closed the file. Doing it twice does nothing.
        func release() {
            let released = identity.withLock { identity in
                defer { identity = nil }
                return identity
            }
            if let released { OpenDatabaseFiles.release(released) }
        }
    }

    /// Before SQLite opens the file.
    static func register(_ path: String) throws -> Registration {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SQLError.file(path, errno: errno) }
        let identity = Identity(status)
        entries.withLock { $0[identity, default: Entry()].users += 1 }
        return Registration(identity)
    }

    /// Closes a descriptor that only looked at a file, now or when the last database on that file is closed.
    static func close(_ descriptor: CInt, status: stat) {
        entries.withLock { entries in
            if entries[Identity(status)] == nil {
                Glibc.close(descriptor)
            } else {
                entries[Identity(status)]?.kept.append(descriptor)
            }
        }
    }

    private static func release(_ identity: Identity) {
        entries.withLock { entries in
            entries[identity]?.users -= 1
            guard let entry = entries[identity], entry.users == 0 else { return }
            for descriptor in entry.kept { Glibc.close(descriptor) }
            entries[identity] = nil
        }
    }
}
