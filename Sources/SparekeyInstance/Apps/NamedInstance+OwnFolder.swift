import Glibc

extension NamedInstance {
    /// Root resets in programs with a data folder of root's own, or none yet: settings, profiles and journal decide which
    /// files are changed and which passwords are read, and whoever owns them would choose that with root's rights (SEC-16).
    ///
    /// - Throws: ``InstanceError`` `unsafeFile`.
    func refuseStrangersRecords() throws {
        guard geteuid() == 0, folder.exists else { return }
        let owner = try folder.open(mayCreate: false)
        guard owner.user != 0 else { return }
        let name = PasswdEntry.of(user: owner.user)?.name ?? "#\(owner.user)"
        throw InstanceError(
            .unsafeFile,
            reason:
                "the data folder \(folder.path) belongs to \(name), and root changes other programs only with a folder "
                + "of root's own",
            hint: "nothing was changed; name another, which is made: --data /root/sparekey; or run it as its owner: "
                + "sudo -u \(name) sparekey …")
    }
}
