import CSodium

/// A password as it was received: raw bytes on the heap, wiped when the last reference goes.
///
/// Deliberately a type of its own: it is neither printable nor `Codable`, and it has no `String` view, so that it cannot
/// reach a log line, an error text or a document by accident (SEC-16). Its bytes are what the person typed; nothing here
/// normalises, trims or cuts them.
public final class Password: Sendable {
    // Written once in `init`, read through `withUnsafeBytes`, wiped in `deinit`.
    nonisolated(unsafe) private let storage: UnsafeMutableRawBufferPointer

    /// The number of bytes.
    public var count: Int { storage.count }

    /// Copies `bytes`. The caller's own copy is the caller's to wipe.
    public init(_ bytes: some Collection<UInt8>) {
        storage = .allocate(byteCount: bytes.count, alignment: 1)
        storage.copyBytes(from: bytes)
    }

    /// The UTF-8 bytes of `string`: for generated passwords and for words that were a string already (argv, JSON).
    public convenience init(utf8 string: String) {
        self.init(string.utf8)
    }

    deinit {
        storage.wipe()
        storage.deallocate()
    }

    /// Lends the bytes for the duration of `body`. Do not keep the pointer, and wipe any copy made of it.
    ///
    /// The buffer has an address even when the password is empty.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(storage))
    }

    /// Whether both hold the same bytes, in a time that depends on their length only.
    public func isEqual(to other: Password) -> Bool {
        withUnsafeBytes { mine in other.withUnsafeBytes { constantTimeEqual(mine, $0) } }
    }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<password>`.
    public var description: String { "<password>" }
    /// Always `<password>`.
    public var debugDescription: String { "<password>" }
    /// A mirror without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
