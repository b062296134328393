import Glibc

/// The files below folders whose names a database may have, breadth first, without following a link.
struct FolderWalk {
    let bounds: ScanMachine.Bounds
    let deadline: ContinuousClock.Instant
    /// Of files that hold accounts and are no databases.
    let names: Set<String>
    var unreadable = 0
    var isComplete = true
    private var entries = 0

    init(bounds: ScanMachine.Bounds, deadline: ContinuousClock.Instant, names: Set<String> = []) {
        self.names = names
        self.bounds = bounds
        self.deadline = deadline
    }

    private static let endings = [".db", ".db3", ".sqlite", ".sqlite3"]

    mutating func files(below root: String) -> [String] {
        var (found, waiting) = ([String](), [(path: root, depth: 0)])
        var next = 0
        while next < waiting.count {
            guard entries < bounds.entries, ContinuousClock.now < deadline else {
                isComplete = false
                return found
            }
            let (folder, depth) = waiting[next]
            next += 1
            guard let members = members(of: folder) else { continue }
            for (name, kind) in members {
                let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
                if kind == UInt8(DT_REG), isLikely(name) {
                    found.append(path)
                } else if kind == UInt8(DT_DIR), depth < bounds.depth, !Self.isKernels(path) {
                    waiting.append((path, depth + 1))
                }
            }
        }
        return found
    }

    private func isLikely(_ name: String) -> Bool {
        names.contains(name) || Self.endings.contains(where: name.lowercased().hasSuffix)
    }

    /// Folders that are no folders of a disk.
    private static func isKernels(_ path: String) -> Bool {
        ["/proc", "/sys", "/dev"].contains(path)
    }

    private mutating func members(of folder: String) -> [(name: String, kind: UInt8)]? {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == EACCES || errno == EPERM { unreadable += 1 }
            return nil
        }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return nil
        }
        defer { closedir(stream) }
        var members: [(String, UInt8)] = []
        while let entry = readdir(stream), entries < bounds.entries {
            entries += 1
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name, name != ".", name != ".." else { continue }
            let kind = entry.pointee.d_type
            members.append((name, kind == UInt8(DT_UNKNOWN) ? Self.kind("\(folder)/\(name)") : kind))
        }
        return members.sorted { $0.0 < $1.0 }
    }

    /// For file systems that do not say it in the listing.
    private static func kind(_ path: String) -> UInt8 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return UInt8(DT_UNKNOWN) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return UInt8(DT_REG)
        case S_IFDIR: return UInt8(DT_DIR)
        default: return UInt8(DT_UNKNOWN)
        }
    }
}
