import Glibc
import Sparekey

/// The data folder: database, key and settings of one instance, mode 0700.
struct DataFolder {
    let path: String

    /// The folder that is meant where nobody named one: `/var/lib/sparekey` if it exists, else the XDG data folder.
    ///
    /// - Throws: ``InstanceError`` `badSettings` when there is no home folder either.
    static func standard(_ environment: [String: String]) throws -> String {
        var status = stat()
        if stat("/var/lib/sparekey", &status) == 0 { return "/var/lib/sparekey" }
        if let folder = environment["XDG_DATA_HOME"], folder.hasPrefix("/") { return folder + "/sparekey" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.local/share/sparekey" }
        throw InstanceError(
            .badSettings, reason: "there is no data folder: neither /var/lib/sparekey nor a home folder",
            hint: "name one with --data DIR or SPAREKEY_DATA")
    }

    var exists: Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Checks the folder, or creates it.
    ///
    /// - Returns: its owner, who this process becomes where it is root (SEC-16).
    func open(mayCreate: Bool) throws -> FolderOwner {
        var status = stat()
        if lstat(path, &status) != 0 {
            guard errno == ENOENT else { throw unavailable(errno) }
            guard mayCreate else {
                throw InstanceError(
                    .notSetUp, reason: "there is no data folder at \(path)",
                    hint: "sparekey setup creates it; --data DIR names another; "
                        + "was it there before? See whether its disk or volume is mounted")
            }
            try create()
            guard lstat(path, &status) == 0 else { throw unavailable(errno) }
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: break
        case S_IFLNK: throw unsafe("is a link", hint: "name the folder itself: --data \(target)")
        default: throw unsafe("is not a folder", hint: "name a folder with --data DIR")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw unsafe("can be read by others", hint: "chmod 700 \(path)")
        }
        guard status.st_uid == geteuid() || geteuid() == 0 else {
            throw unsafe("belongs to somebody else", hint: "run sparekey as its owner, or as root")
        }
        return FolderOwner(user: status.st_uid, group: status.st_gid)
    }

    func file(_ name: String) -> String {
        path.hasSuffix("/") ? path + name : path + "/" + name
    }

    private var target: String {
        guard let real = realpath(path, nil) else { return "DIR" }
        defer { free(real) }
        return DisplayText(String(cString: real), limit: 200).text
    }

    /// Parents are created as any program would (0755), the folder itself 0700.
    func create() throws {
        var made = path.hasPrefix("/") ? "" : "."
        let parts = path.split(separator: "/")
        for (index, part) in parts.enumerated() {
            made += "/" + part
            let isLast = index == parts.count - 1
            // The process's umask is 077: parents get their mode by name.
            if mkdir(made, 0o700) == 0 {
                if !isLast { chmod(made, 0o755) }
            } else if errno != EEXIST {
                throw InstanceError(
                    .notWritable,
                    reason: "the data folder \(path) cannot be created: \(String(cString: strerror(errno)))",
                    hint: "name another with --data DIR")
            }
        }
        try FolderSync.sync(folderOf: path)
    }

    /// A folder that was made for something that did not happen.
    func removeIfUnused() {
        unlink(file("instance.key-lock"))
        rmdir(path)
    }

    private func unsafe(_ why: String, hint: String) -> InstanceError {
        InstanceError(.unsafeFile, reason: "the data folder \(path) \(why)", hint: hint)
    }

    private func unavailable(_ failure: Int32) -> InstanceError {
        InstanceError(
            .unavailable, reason: "the data folder \(path) cannot be opened: \(String(cString: strerror(failure)))",
            hint: "run sparekey as the folder's owner, or as root")
    }
}
