import CSodium

/// Compares in a time that depends on the lengths only.
///
/// Different lengths are told apart at once: the length of a stored value is no secret.
func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard let a = left.baseAddress, let b = right.baseAddress else { return left.count == 0 }
    return sodium_memcmp(a, b, left.count) == 0
}

func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { a in right.withUnsafeBytes { b in constantTimeEqual(a, b) } }
}

extension UnsafeMutableRawBufferPointer {
    /// Overwrites with zeros in a way the optimiser does not remove.
    func wipe() {
        guard let baseAddress else { return }
        sodium_memzero(baseAddress, count)
    }
}

/// Lends `count` zeroed bytes of heap to `body`, then wipes and frees them.
func withWipedMemory<R>(
    count: Int, alignment: Int = 1, _ body: (UnsafeMutableRawBufferPointer) throws -> R
) rethrows -> R {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: alignment)
    memory.wipe()
    defer {
        memory.wipe()
        memory.deallocate()
    }
    return try body(memory)
}
