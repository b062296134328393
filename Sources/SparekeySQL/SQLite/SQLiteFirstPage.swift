import Glibc

/// The start of a database's first page: the file's header and the head of the schema table, whose root it is.
struct SQLiteFirstPage {
    /// 100 bytes of header and the first 8 of the b-tree page (fileformat2.html, 1.3 and 1.6).
    static let length = 108

    let applicationID: UInt32
    let hasTables: Bool

    init?(readingFrom descriptor: CInt) {
        guard let bytes = SQLiteBytes.read(descriptor, at: 0, count: Self.length) else { return nil }
        self.init(bytes)
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.length, bytes.starts(with: "SQLite format 3\0".utf8) else { return nil }
        let page = Array(bytes)
        applicationID = SQLiteBytes.bigEndian(page, at: 68)
        // A leaf without cells is an empty schema; anything else holds at least one entry.
        let isLeaf = page[100] == 0x0D
        hasTables = !isLeaf || page[103] != 0 || page[104] != 0
    }
}

/// Reading the numbers of SQLite's files.
enum SQLiteBytes {
    static func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Exactly `count` bytes, or nil.
    static func read(_ descriptor: CInt, at offset: Int, count: Int) -> ArraySlice<UInt8>? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
            }
            guard got > 0 else { return nil }
            done += got
        }
        return bytes[...]
    }
}
