/// What every way of storing a password has, be it one text or several columns: a name, a cost, and spellings.
public protocol HashScheme: Sendable {
    /// The name in settings, profiles and reports: `argon2id`, `bcrypt`, `pbkdf2-sha256`, …
    var name: String { get }
    /// The spelling, bounds and floor of the cost.
    var costShape: CostShape { get }
    /// The spellings that `make` can choose between (`2a`, `2b`, `2y`), the preferred one first; empty when there is one.
    var variants: [String] { get }
    /// False for formats that are too weak to be given to anybody.
    var canMake: Bool { get }
}

/// One way of storing a password in one text: it recognises its own values, checks passwords against them and makes new
/// ones. What lies in several columns is a ``CredentialFormat``.
///
/// Formats are values without state; all work happens in the calling thread. ``verify(_:against:)`` and `make` cost what
/// the stored value or the cost asks, up to seconds and 256 MiB: never call them on an event loop, in a transaction or
/// without a bound on how many run at once. The rest costs microseconds.
public protocol HashFormat: HashScheme {
    /// Whether `stored` is a complete, canonical value of this format, its bounds aside. Does no hashing.
    func identifies(_ stored: String) -> Bool

    /// What `stored` says about itself, checked against the bounds. Does no hashing.
    ///
    /// - Throws: `malformed` or `outOfBounds`.
    func parameters(of stored: String) throws -> HashParameters

    /// Whether `password`, byte for byte, is the one behind `stored`; the results are compared in constant time.
    ///
    /// - Throws: what ``parameters(of:)`` throws, `passwordTooLong` or `passwordContainsNUL` where the format would
    ///   otherwise ignore a part of the password, `outOfMemory`, `libraryFailed`.
    func verify(_ password: Password, against stored: String) throws -> Bool

    /// A new value in this format, with a salt of at least 16 bytes (sha-crypt: 12, its most).
    ///
    /// - Parameters:
    ///   - cost: must belong to this format; a cost under the floor is obeyed, policy is the caller's.
    ///   - variant: one of ``variants``, or nil for the preferred one.
    ///   - salt: `.system` outside tests.
    /// - Throws: `cannotMake`, `malformedCost` for another format's cost, and what ``verify(_:against:)`` throws.
    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String

    /// Whether `stored` should be replaced by a value of `cost` when its password is next known.
    ///
    /// True for another format, an outdated variant or any number lower than asked; a stronger value stays.
    func needsRehash(_ stored: String, to cost: HashCost) -> Bool
}

/// What a stored value tells about itself.
public struct HashParameters: Sendable, Hashable {
    /// The name of the format.
    public let scheme: String
    /// Which of the format's ``HashFormat/variants`` it is, or nil when there is only one.
    public let variant: String?
    /// The work that checking a password against it takes.
    public let cost: HashCost
    /// Bytes of salt; for crypt(3) formats whose salt is text (sha-crypt, md5-crypt), characters.
    public let saltLength: Int
    /// Bytes of the derived key.
    public let keyLength: Int
    /// Whether the value is of an older make than `make` makes: an old version, or a salt or key shorter than today's.
    public let isOutdated: Bool

    public init(
        scheme: String, variant: String? = nil, cost: HashCost, saltLength: Int, keyLength: Int,
        isOutdated: Bool = false
    ) {
        self.scheme = scheme
        self.variant = variant
        self.cost = cost
        self.saltLength = saltLength
        self.keyLength = keyLength
        self.isOutdated = isOutdated
    }
}

extension HashFormat {
    public func identifies(_ stored: String) -> Bool {
        do {
            _ = try parameters(of: stored)
            return true
        } catch let error as HashError {
            return error.code == .outOfBounds
        } catch {
            return false
        }
    }

    public func needsRehash(_ stored: String, to cost: HashCost) -> Bool {
        guard let parameters = try? parameters(of: stored) else { return true }
        return parameters.isOutdated || !parameters.cost.isAtLeast(cost)
    }

    /// A new value in the preferred variant with the system's randomness.
    public func make(_ password: Password, cost: HashCost) throws -> String {
        try make(password, cost: cost, variant: nil, salt: .system)
    }
}

extension HashScheme {
    public var variants: [String] { [] }
    public var canMake: Bool { true }

    /// The cost to use when nobody says otherwise.
    public var recommendedCost: HashCost {
        get throws { try cost(costShape.recommended) }
    }

    func cost(_ numbers: [Int]) throws -> HashCost {
        try HashCost(scheme: name, shape: costShape, numbers: numbers)
    }

    /// Throws unless this scheme makes values, of that variant, at a cost of its own.
    func checkMake(cost: HashCost, variant: String?) throws {
        guard canMake else { throw HashError.onlyVerified(name) }
        if let variant, !variants.contains(variant) {
            throw HashError(.cannotMake, "\(name) has no variant of that name")
        }
        guard cost.scheme == name else {
            throw HashError(.malformedCost, "a cost for \(cost.scheme) was given to \(name)")
        }
        // The formats behind the same name could differ between two tables, so the bounds are asked again.
        try costShape.check(cost.numbers, scheme: name)
    }
}
