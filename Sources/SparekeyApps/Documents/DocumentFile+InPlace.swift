import Glibc

/// Writing into the file itself (`--in-place`), where it cannot be replaced: it is mounted by itself, or has a second name.
///
/// Only what differs is written, in one call where the length stays. Whoever reads the file in that moment may see half of
/// it, and a crash may leave half of it: so what was in it is sealed into the journal before (``ProgramDocuments``), and
/// ``putRight(_:or:)`` puts that back.
extension DocumentFile {
    /// - Returns: false where the file is no longer what was read; it is left alone then.
    func overwrite(_ old: Content, with bytes: [UInt8]) throws -> Bool {
        try lockedFile(access: O_RDWR) { descriptor in
            guard try content(descriptor).isSame(as: old) else { return false }
            do {
                try write(bytes, over: old, descriptor)
            } catch {
                // A disk that is full has room for what was there.
                try write(old.bytes, over: Content(kept: bytes), descriptor)
                throw error
            }
            return true
        }
    }

    /// Puts back what was in the file, where it holds neither that nor what was to be written, but a part of each.
    func putRight(_ old: [UInt8], or new: [UInt8]) throws {
        guard let found = try read(), Self.isCutOff(found.bytes, between: old, and: new) else { return }
        _ = try lockedFile(access: O_RDWR) { descriptor in
            let now = try content(descriptor)
            guard Self.isCutOff(now.bytes, between: old, and: new) else { return false }
            try write(old, over: now, descriptor)
            return true
        }
    }

    /// Whether a write of the one over the other was cut off: each byte is of one of them. What the file has gained and was
    /// never written, when the power went, reads as zeros.
    static func isCutOff(_ bytes: [UInt8], between old: [UInt8], and new: [UInt8]) -> Bool {
        let (shorter, longer) = old.count < new.count ? (old, new) : (new, old)
        guard bytes != old, bytes != new, (shorter.count...longer.count).contains(bytes.count) else { return false }
        return bytes.indices.allSatisfy { index in
            if index >= shorter.count { return bytes[index] == longer[index] || bytes[index] == 0 }
            return bytes[index] == old[index] || bytes[index] == new[index]
        }
    }

    private func write(_ bytes: [UInt8], over old: Content, _ descriptor: Int32) throws {
        var (place, end) = (zip(bytes, old.bytes).prefix { $0 == $1 }.count, bytes.count)
        if bytes.count == old.bytes.count {
            end -= zip(bytes[place...].reversed(), old.bytes.reversed()).prefix { $0 == $1 }.count
        }
        while place < end {
            let count = bytes[place..<end].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(place))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw refusal("cannot be written: \(Self.words(errno))") }
            place += count
        }
        if bytes.count < old.bytes.count, ftruncate(descriptor, off_t(bytes.count)) != 0 {
            throw refusal("cannot be shortened: \(Self.words(errno))")
        }
        try showChange(since: old, descriptor)
        guard fsync(descriptor) == 0 else { throw refusal("cannot be written: \(Self.words(errno))") }
        guard try content(descriptor).bytes == bytes else {
            throw refusal("is being written by somebody else")
        }
    }
}
