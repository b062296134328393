import Glibc

/// The write-ahead log beside a database, read and never written (fileformat2.html, section 4).
final class SQLiteWriteAheadLog {
    private let descriptor: CInt
    private let header: [UInt8]
    private let pageSize: Int

    /// Nil when there is none, or none whose header holds.
    init?(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        header = SQLiteBytes.read(descriptor, at: 0, count: 32).map(Array.init) ?? []
        pageSize = header.isEmpty ? 0 : Int(SQLiteBytes.bigEndian(header, at: 8))
        let isOne = !header.isEmpty && SQLiteBytes.bigEndian(header, at: 0) & ~1 == 0x377F_0682
        guard isOne, (512...65536).contains(pageSize), pageSize.nonzeroBitCount == 1 else { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The first page as the last commit in the log left it; nil when no commit touched it.
    ///
    /// A frame counts while the salts are the header's and the running checksum holds, and only up to the last commit.
    func committedFirstPage() -> SQLiteFirstPage? {
        var sum = SQLiteChecksum(isBigEndian: header[3] & 1 == 1)
        sum.add(header[0..<24])
        guard sum.matches(header, at: 24) else { return nil }
        var pending: ArraySlice<UInt8>?
        var committed: ArraySlice<UInt8>?
        var offset = 32
        while let frame = SQLiteBytes.read(descriptor, at: offset, count: 24 + pageSize).map(Array.init) {
            sum.add(frame[0..<8])
            sum.add(frame[24...])
            guard frame[8..<16] == header[16..<24], sum.matches(frame, at: 16) else { break }
            if SQLiteBytes.bigEndian(frame, at: 0) == 1 { pending = frame[24..<24 + SQLiteFirstPage.length] }
            if SQLiteBytes.bigEndian(frame, at: 4) != 0 { committed = pending }
            offset += frame.count
        }
        return committed.flatMap(SQLiteFirstPage.init)
    }
}

/// The checksum of the write-ahead log (fileformat2.html, 4.2).
private struct SQLiteChecksum {
    private let isBigEndian: Bool
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init(isBigEndian: Bool) {
        self.isBigEndian = isBigEndian
    }

    /// `bytes` is a multiple of 8 long.
    mutating func add(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { buffer in
            for offset in stride(from: 0, to: buffer.count, by: 8) {
                first &+= word(buffer, offset) &+ second
                second &+= word(buffer, offset + 4) &+ first
            }
        }
    }

    func matches(_ bytes: [UInt8], at offset: Int) -> Bool {
        SQLiteBytes.bigEndian(bytes, at: offset) == first && SQLiteBytes.bigEndian(bytes, at: offset + 4) == second
    }

    private func word(_ buffer: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        let word = buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
    }
}

/// A rollback journal that the next one to open the database would play back (fileformat2.html, section 3).
struct SQLiteRollbackJournal {
    /// How many pages the database had before; 0 when the transaction was its first.
    let originalPages: UInt32

    /// Nil when there is none, or one that was finished and left behind.
    init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let header = SQLiteBytes.read(descriptor, at: 0, count: 28).map(Array.init),
            header[0..<8] == [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
        else { return nil }
        originalPages = SQLiteBytes.bigEndian(header, at: 16)
    }
}
