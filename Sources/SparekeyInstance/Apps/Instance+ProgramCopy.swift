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
    /// - Parameter isInPlace: whether the file itself will be written, and not replaced.
    /// - Returns: its path where one was made; nil for a server, or where an earlier reset made one.
    public func copyBeforeFirstReset(of program: FoundProgram, isInPlace: Bool = false) async throws -> String? {
        guard case .sqlite(let path) = program.location else { return nil }
        let (folder, copy) = KeptCopy.place(of: program, in: folder)
        guard access(copy, F_OK) != 0 else { return nil }
        do {
            let original = try program.location.file
            if let original {
                try ProgramLocation.requireWritable(original, isInPlace: isInPlace)
            } else {
                try OwnDatabase.requireWritable(path)
            }
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw InstanceError(
                    .notWritable, reason: "\(folder) cannot be made: \(String(cString: strerror(errno)))",
                    hint: "nothing was changed; --no-backup goes on without a copy of the database")
            }
            let file = try BackupFile(path: copy, random: random)
            do {
                if let original {
                    try SmallCopy.write(try ProgramDirectory.bytes(ofFile: original), to: file.draft)
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

/// A file's bytes, into another that is there and empty.
private enum SmallCopy {
    static func write(_ bytes: [UInt8], to draft: String) throws {
        let target = open(draft, O_WRONLY | O_CLOEXEC)
        defer { if target >= 0 { close(target) } }
        var rest = bytes[...]
        while target >= 0, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(target, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        guard target >= 0, rest.isEmpty else {
            throw InstanceError(
                .notWritable, reason: "\(draft) cannot be written: \(String(cString: strerror(errno)))",
                hint: "nothing was changed; --no-backup goes on without a copy of it")
        }
    }
}
