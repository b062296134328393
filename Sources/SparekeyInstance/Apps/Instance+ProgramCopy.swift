import Glibc
import Sparekey
import SparekeyApps
import SparekeySQL

extension Instance {
    /// Copies a program's SQLite database, or its file, before the first reset in it (APP-4). Call it while this process
    /// does not have that database open.
    ///
    /// The copy lies in `copies` of the data folder, mode 0600, and holds the passwords' hashes as they were.
    ///
    /// - Returns: its path where one was made; nil for a server, or where an earlier reset made one.
    public func copyBeforeFirstReset(of program: FoundProgram) async throws -> String? {
        guard case .sqlite(let path) = program.location else { return nil }
        let (folder, copy) = KeptCopy.place(of: program, in: folder)
        guard access(copy, F_OK) != 0 else { return nil }
        do {
            try OwnDatabase.requireWritable(path)
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw InstanceError(
                    .notWritable, reason: "\(folder) cannot be made: \(String(cString: strerror(errno)))",
                    hint: "nothing was changed; --no-backup goes on without a copy of the database")
            }
            let file = try BackupFile(path: copy, random: random)
            do {
                if let original = try program.location.file {
                    try SmallCopy.write(original, to: file.draft)
                    try file.finish()
                    return copy
                }
                try await SQLiteDatabase.copyProgram(at: path, to: file.draft)
                try file.finish()
            } catch {
                file.discard()
                throw error
            }
            return copy
        } catch {
            // Somebody else's first reset has made it in this moment.
            if access(copy, F_OK) == 0 { return nil }
            throw InstanceError.translated(error)
        }
    }
}

/// A file's bytes, into another that is there.
private enum SmallCopy {
    static func write(_ path: String, to draft: String) throws {
        let (source, target) = (open(path, O_RDONLY | O_CLOEXEC), open(draft, O_WRONLY | O_CLOEXEC))
        defer {
            for descriptor in [source, target] where descriptor >= 0 { close(descriptor) }
        }
        var count = source < 0 || target < 0 ? -1 : 1
        while count > 0 { count = sendfile(target, source, nil, 1 << 20) }
        guard count == 0 else {
            throw InstanceError(
                .notWritable, reason: "\(path) cannot be copied: \(String(cString: strerror(errno)))",
                hint: "nothing was changed; --no-backup goes on without a copy of it")
        }
    }
}
