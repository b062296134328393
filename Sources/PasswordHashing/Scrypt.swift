import CryptoExtras
import FoundationEssentials

/// scrypt in PHC strings as RustCrypto and passlib write them: `$scrypt$ln=17,r=8,p=1$<salt>$<key>`, standard base64
/// without padding, a key of 32 bytes (RFC 7914; crate `scrypt`; `passlib.hash.scrypt`).
///
/// Other lengths of key are refused: a longer key that was cut short would still match, being a prefix.
public struct Scrypt: HashFormat {
    private static let keyLength = 32
    /// 256 MiB for all lanes together, whether or not the library keeps them at once: it bounds the time as well.
    private static let memoryLimit = 256 << 20

    public init() {}

    public var name: String { "scrypt" }

    public var costShape: CostShape {
        CostShape(
            // CryptoExtras reserves a page more than the blocks, which is too little from r=17 on.
            [.init("ln", 1...21), .init("r", 1...16), .init("p", 1...16)], recommended: [17, 8, 1],
            crossing: Self.broken,
            floor: { numbers in Self.floors.contains { zip(numbers, $0).allSatisfy { $0 >= $1 } } })
    }

    /// OWASP's equivalents.
    static let floors = [[17, 8, 1], [16, 8, 2], [15, 8, 3], [14, 8, 5], [13, 8, 10]]

    static func broken(_ numbers: [Int]) -> String? {
        let (ln, r, p) = (numbers[0], numbers[1], numbers[2])
        // RFC 7914 section 2: N < 2^(128·r/8).
        if ln >= 16 * r { return "ln must be less than 16 times r" }
        return (128 << ln) * r * p > memoryLimit ? "it needs more than 256 MiB" : nil
    }

    public func parameters(of stored: String) throws -> HashParameters {
        let value = try parse(stored)
        return HashParameters(
            scheme: name, cost: try cost(value.numbers), saltLength: value.salt.count, keyLength: Self.keyLength,
            isOutdated: value.salt.count < 16)
    }

    public func verify(_ password: Password, against stored: String) throws -> Bool {
        let value = try parse(stored)
        return constantTimeEqual(try derive(password, salt: value.salt, numbers: value.numbers), value.key)
    }

    public func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let salt = salt.bytes(16)
        let key = try derive(password, salt: salt, numbers: cost.numbers)
        return "$scrypt$\(cost)$\(Base64Text.standard.encode(salt))$\(Base64Text.standard.encode(key))"
    }

    private struct Value {
        var numbers: [Int]
        var salt: [UInt8]
        var key: [UInt8]
    }

    private func parse(_ stored: String) throws -> Value {
        guard let value = read(stored) else { throw HashError.malformed(name) }
        try costShape.check(value.numbers, scheme: name)
        guard (1...64).contains(value.salt.count) else {
            throw HashError.outOfBounds(name, "a salt has 1 to 64 bytes")
        }
        return value
    }

    private func read(_ stored: String) -> Value? {
        guard var text = StoredText(stored), text.take("$scrypt$ln="), let ln = text.decimal(), text.take(",r="),
            let r = text.decimal(), text.take(",p="), let p = text.decimal(), text.take("$"),
            let salt = text.field().flatMap(Base64Text.standard.decode), text.take("$"),
            let key = text.lastField().flatMap(Base64Text.standard.decode), key.count == Self.keyLength
        else { return nil }
        return Value(numbers: [ln, r, p], salt: salt, key: key)
    }

    private func derive(_ password: Password, salt: [UInt8], numbers: [Int]) throws -> [UInt8] {
        try Self.derive(password, salt: salt, numbers: numbers, length: Self.keyLength)
    }

    /// The numbers, log₂ N, r and p, must have been checked before.
    static func derive(_ password: Password, salt: [UInt8], numbers: [Int], length: Int) throws -> [UInt8] {
        do {
            let key = try password.withUnsafeBytes { bytes in
                try KDF.Scrypt.deriveKey(
                    from: bytes.bindMemory(to: UInt8.self), salt: salt, outputByteCount: length,
                    rounds: 1 << numbers[0], blockSize: numbers[1], parallelism: numbers[2])
            }
            return key.withUnsafeBytes { Array($0) }
        } catch {
            // With numbers in bounds its only failure is memory.
            throw HashError(.outOfMemory, "scrypt could not get its memory", cause: error)
        }
    }
}
