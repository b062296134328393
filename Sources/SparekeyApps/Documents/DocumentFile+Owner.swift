import CProcess
import Glibc

/// Root opens a file as the folder's owner would (SEC-16): who may put any file under that name is not to choose one that
/// only root may read or write.
extension DocumentFile {
    /// A descriptor of the file, by its own name and no link; -1 with errno. What the folder's owner may not open is opened by
    /// root only where it has no other name, and so was put there by somebody who may change it.
    func openExisting(in folder: Int32, _ access: Int32) throws -> Int32 {
        let flags = access | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        guard geteuid() == 0, let owner = try Self.stranger(folder) else { return openat(folder, name, flags) }
        let (mine, failure) = Self.asOwner(owner) { (openat(folder, name, flags), errno) }
        guard mine < 0, failure == EACCES else {
            errno = failure
            return mine
        }
        let descriptor = openat(folder, name, flags)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_nlink != 1 else { return descriptor }
        close(descriptor)
        throw refusal(
            "has a second name (a hard link), and belongs to somebody else than its folder",
            hint: "nothing was changed; name the file where its owner keeps it")
    }

    /// Nil where the folder is root's.
    private static func stranger(_ folder: Int32) throws -> (user: uid_t, group: gid_t)? {
        var status = stat()
        guard fstat(folder, &status) == 0, status.st_uid != 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }

    /// setfsuid(2) is of the calling thread. `body` is one system call: it neither suspends nor changes threads, so nothing
    /// else runs with these rights, and they are given back before this returns; a thread that could not give them back would
    /// do other people's work with them, and the process ends instead.
    private static func asOwner<Value>(_ owner: (user: uid_t, group: gid_t), _ body: () -> Value) -> Value {
        let taken = cprocess_take_files_of(owner.user, owner.group)
        precondition(taken == 1, "root could not take the place of the folder's owner")
        let value = body()
        let back = cprocess_take_files_of(geteuid(), getegid())
        precondition(back == 1, "root could not take its own place again")
        return value
    }
}
