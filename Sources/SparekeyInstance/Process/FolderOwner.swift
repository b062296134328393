import Glibc

/// The user that a data folder belongs to, and becoming that user (SEC-16): root that opens the folder's database would
/// leave files there which the server cannot open.
public struct FolderOwner: Sendable, Hashable {
    public let user: UInt32
    /// The folder's group.
    public let group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// The owner of the file at `path`. Throws `ProcessError` (`noOwner`).
    init(ofFile path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ProcessError(.noOwner, "the settings file's owner could not be read", systemError: errno)
        }
        self.init(user: status.st_uid, group: status.st_gid)
    }

    /// The owner of the folder at `path`; a symbolic link is followed. Throws `ProcessError` (`noOwner`).
    public init(ofFolder path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ProcessError(.noOwner, "the data folder's owner could not be read", systemError: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw ProcessError(.noOwner, "the data folder is not a folder")
        }
        self.init(user: status.st_uid, group: status.st_gid)
    }

    /// Gives up root for good and goes on as this owner, in every thread, with the owner's groups.
    ///
    /// Does nothing, and says false, without root's rights or for a folder of root's. Otherwise it is checked that root
    /// cannot be regained. A user without a passwd entry has the folder's group only. The environment stays. Capture
    /// `Caller.current()` before it, and call it before the first file is opened.
    /// Throws `ProcessError` (`notOwner`, `notHardened`): end the process then; its rights are undefined.
    @discardableResult
    public func become() throws -> Bool {
        guard geteuid() == 0, user != 0 else { return false }
        let entry = PasswdEntry.of(user: user)
        let mainGroup = entry?.group ?? group
        try takeGroups(mainGroup, name: entry?.name)
        // With root's rights these two set the real, the effective and the saved id at once (setuid(2)).
        try Self.check(setgid(mainGroup), "the group could not be changed")
        try Self.check(setuid(user), "the user could not be changed")
        try checkChange(mainGroup)
        try ProcessHardening.forbidTracing()
        return true
    }

    private func takeGroups(_ mainGroup: gid_t, name: String?) throws {
        if let name {
            try Self.check(initgroups(name, mainGroup), "the owner's groups could not be taken")
        } else {
            var only = mainGroup
            try Self.check(setgroups(1, &only), "root's groups could not be given up")
        }
    }

    private func checkChange(_ mainGroup: gid_t) throws {
        guard getuid() == user, geteuid() == user, getgid() == mainGroup, getegid() == mainGroup else {
            throw ProcessError(.notOwner, "the change of user did not hold")
        }
        // A saved id, or a capability that outlived the change, would let one of these succeed.
        guard seteuid(0) != 0, setuid(0) != 0 else {
            throw ProcessError(.notOwner, "root could be regained")
        }
    }

    private static func check(_ status: CInt, _ what: String) throws {
        guard status == 0 else { throw ProcessError(.notOwner, what, systemError: errno) }
    }
}
