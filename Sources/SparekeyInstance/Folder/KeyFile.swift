import Glibc
import Sparekey

/// The instance key's file: 64 hexadecimal digits and a line feed, mode 0600 (SEC-13).
struct KeyFile {
    let path: String

    /// Reads the key; nil when there is no file.
    ///
    /// - Throws: ``InstanceError`` `unsafeFile` for a link, a file that others can read or that somebody else owns;
    ///   `badKey` when it does not hold a key.
    func load() throws -> InstanceKey? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP: throw unsafe("is a link", hint: "put the key file itself there, or name it with key_file")
            default: throw unsafe("cannot be read: \(String(cString: strerror(errno)))", hint: nil)
            }
        }
        defer { close(descriptor) }
        try refuseUnsafe(descriptor)
        var text = [UInt8](repeating: 0, count: 128)
        defer { WipedBuffer.wipe(&text) }
        let length = read(descriptor, &text, text.count)
        guard length >= 0, let key = Self.parse(text.prefix(length)) else {
            throw InstanceError(
                .wrongKey, reason: "the key file \(path) does not hold an instance key",
                hint: "put back the key from a backup: 64 hexadecimal digits; nothing else opens this database's seals")
        }
        return key
    }

    /// Creates the key once: a finished, synced file is linked into place, so that nobody ever sees half a key. Whoever
    /// comes second gets the first one's key.
    func loadOrCreate(random: any RandomSource) throws -> InstanceKey {
        if let key = try load() { return key }
        let draft = KeyFile(path: "\(path).\(random.bytes(8).hexadecimal).new")
        var bytes = random.bytes(InstanceKey.length)
        defer { WipedBuffer.wipe(&bytes) }
        try draft.write(Array((bytes.hexadecimal + "\n").utf8))
        let linked = link(draft.path, path)
        let failure = errno
        unlink(draft.path)
        guard linked == 0 || failure == EEXIST else { throw notWritable(failure) }
        try FolderSync.sync(folderOf: path)
        guard let key = try load() else { throw notWritable(ENOENT) }
        return key
    }

    /// Writes a key into a file that is not there yet, and syncs the file.
    func create(_ key: InstanceKey) throws {
        try key.withHexadecimal { try write($0 + [UInt8(ascii: "\n")]) }
    }

    private func write(_ text: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw notWritable(errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            let failure = errno
            unlink(path)
            throw notWritable(failure)
        }
    }

    private func refuseUnsafe(_ descriptor: Int32) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unsafe("is not a regular file", hint: nil)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw unsafe("can be read by others", hint: "chmod 600 \(path)")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw unsafe("belongs to somebody else", hint: "run sparekey as the owner of the data folder, or as root")
        }
    }

    private static func parse(_ text: ArraySlice<UInt8>) -> InstanceKey? {
        var digits = text
        if digits.last == UInt8(ascii: "\n") { digits.removeLast() }
        guard digits.count == InstanceKey.length * 2 else { return nil }
        var bytes: [UInt8] = []
        var iterator = digits.makeIterator()
        while let high = iterator.next(), let low = iterator.next() {
            guard let high = value(high), let low = value(low) else { return nil }
            bytes.append(high << 4 | low)
        }
        return InstanceKey(bytes)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private func unsafe(_ why: String, hint: String?) -> InstanceError {
        InstanceError(.unsafeFile, reason: "the key file \(path) \(why)", hint: hint)
    }

    func notWritable(_ failure: Int32) -> InstanceError {
        InstanceError(
            .notWritable, reason: "the key file \(path) cannot be written: \(String(cString: strerror(failure)))",
            hint: "nothing was changed; the data folder must be writable and have space left")
    }
}

/// Makes a name in a folder last: fsync(2) of the folder itself.
enum FolderSync {
    static func sync(folderOf path: String) throws {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let name = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
        let descriptor = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw InstanceError(.notWritable, reason: "the folder \(name) cannot be synced", hint: nil)
        }
        close(descriptor)
    }
}
