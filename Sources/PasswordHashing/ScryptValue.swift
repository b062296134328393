/// The numbers and bytes that the programs' spellings of scrypt hold: log₂ N, r and p.
struct ScryptValue {
    var numbers: [Int]
    var salt: [UInt8]
    var key: [UInt8]

    /// Of an N that is written out; nil unless it is a power of two.
    static func log2(_ n: Int) -> Int? {
        n > 0 && n & (n - 1) == 0 ? n.trailingZeroBitCount : nil
    }

    func check(scheme: String, shape: CostShape) throws {
        try shape.check(numbers, scheme: scheme)
        // A short key is guessed by chance sooner than the password.
        guard (1...64).contains(salt.count), (16...64).contains(key.count) else {
            throw HashError.outOfBounds(scheme, "a salt has 1 to 64 bytes and a key 16 to 64")
        }
    }
}
