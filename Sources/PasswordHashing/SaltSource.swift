/// Where the random bytes of a new salt come from.
///
/// A parameter, so that a test can make the same value twice. Production code uses ``system`` and nothing else: equal
/// salts show a thief which people chose equal passwords.
public struct SaltSource: Sendable {
    private let draw: @Sendable (Int) -> [UInt8]

    /// `draw` returns exactly as many bytes as it is asked for.
    public init(_ draw: @escaping @Sendable (Int) -> [UInt8]) {
        self.draw = draw
    }

    /// The operating system's generator.
    public static let system = SaltSource { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    func bytes(_ count: Int) -> [UInt8] {
        let bytes = draw(count)
        precondition(bytes.count == count, "a salt source returned \(bytes.count) bytes instead of \(count)")
        return bytes
    }
}
