#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Lends `capacity` zeroed bytes on the heap and wipes them afterwards, also when `body` throws: for copies of a password
/// that have to be put together byte by byte.
func withWipedBytes<R>(
    capacity: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> R
) rethrows -> R {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    defer {
        wipe(bytes)
        bytes.deallocate()
    }
    return try body(bytes)
}

private func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    #if canImport(Darwin)
        _ = memset_s(start, bytes.count, 0, bytes.count)
    #else
        explicit_bzero(start, bytes.count)
    #endif
}
