import Glibc

/// Whether a file is text as programs keep accounts in it: by its first bytes, of which none is a control character but
/// those that space out a text. What is binary is somebody's damaged or encrypted database.
enum TextFile {
    static func isText(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return false }
        return bytes[..<count].allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
    }
}
