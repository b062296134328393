/// The work one scheme is asked to do, always within that scheme's bounds.
///
/// Spelled as in settings: `m=19456,t=2,p=1` for argon2id (KiB, passes, lanes), `ln=17,r=8,p=1` for scrypt, and a bare
/// number for schemes that have one (bcrypt `12`, pbkdf2-sha256 `600000`, sha512-crypt `656000`, yescrypt `5`).
public struct HashCost: Sendable, Hashable {
    /// The name of the format it belongs to.
    public let scheme: String
    /// The numbers in the order of the spelling.
    public let numbers: [Int]
    /// Whether it reaches OWASP's current minimum for the scheme, or, for schemes OWASP does not list, that of the
    /// scheme's own authors. Below it a value is still verified; whether it is made is policy, not decided here.
    public let meetsFloor: Bool
    private let spelling: String

    /// Reads a cost from settings or the command line, for a scheme of ``HashFormats/standard``.
    ///
    /// - Throws: `unknownFormat`, `malformedCost` or `outOfBounds`.
    public init(scheme: String, text: String) throws {
        guard let format = HashFormats.standard.named(scheme) else {
            throw HashError(.unknownFormat, "there is no scheme of that name")
        }
        try self.init(of: format, text: text)
    }

    /// Reads a cost for a format that need not be in any table.
    ///
    /// - Throws: `malformedCost` or `outOfBounds`.
    public init(of format: any HashScheme, text: String) throws {
        let shape = format.costShape
        guard let numbers = shape.read(text) else {
            let example = shape.spell(shape.recommended)
            let expected = example.isEmpty ? "no cost, it is fixed" : "a cost such as \(example)"
            throw HashError(.malformedCost, "\(format.name) takes \(expected)")
        }
        try self.init(scheme: format.name, shape: shape, numbers: numbers)
    }

    init(scheme: String, shape: CostShape, numbers: [Int]) throws {
        try shape.check(numbers, scheme: scheme)
        self.scheme = scheme
        self.numbers = numbers
        meetsFloor = shape.floor(numbers)
        spelling = shape.spell(numbers)
    }

    /// This cost with every number raised to at least `floor`'s, so that a copied cost never falls below what is allowed.
    ///
    /// - Throws: `malformedCost` for a floor of another scheme; `outOfBounds` where the raised numbers do not go together.
    public func raised(to floor: HashCost, of format: any HashScheme) throws -> HashCost {
        guard scheme == floor.scheme, scheme == format.name else {
            throw HashError(.malformedCost, "a floor for \(floor.scheme) was given to \(scheme)")
        }
        return try format.cost(zip(numbers, floor.numbers).map { max($0, $1) })
    }

    /// Whether it asks for no less than `other` in any number of the same scheme.
    public func isAtLeast(_ other: HashCost) -> Bool {
        scheme == other.scheme && zip(numbers, other.numbers).allSatisfy { $0 >= $1 }
    }
}

extension HashCost: CustomStringConvertible {
    /// The spelling that ``init(scheme:text:)`` reads.
    public var description: String { spelling }
}
