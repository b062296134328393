/// The table of formats that a stored value is looked up in.
///
/// A further format joins by one line in ``standard`` (or by ``adding(_:)`` from outside); nothing else names them.
public struct HashFormats: Sendable {
    /// In the order in which they are asked. No two recognise the same value.
    public let all: [any HashFormat]

    /// A table of only these. Their names and the values they recognise must not overlap.
    public init(_ formats: [any HashFormat]) {
        all = formats
    }

    /// Every format that this module knows.
    public static let standard = HashFormats(
        [Argon2.id, Argon2.i, Argon2.d]
            + [Bcrypt(), Yescrypt(), ShaCrypt.sha512, ShaCrypt.sha256, Md5Crypt()]
            + [Pbkdf2.sha256, Pbkdf2.sha512, Pbkdf2.sha1]
            + [PasslibPbkdf2.sha256, PasslibPbkdf2.sha512, PasslibPbkdf2.sha1]
            + [Scrypt()]
            + [DjangoPbkdf2(), DjangoArgon2(), DjangoBcryptSha256(), DjangoScrypt()]
            + programs)

    /// A table that also asks `formats`, after the ones it has.
    public func adding(_ formats: any HashFormat...) -> HashFormats {
        HashFormats(all + formats)
    }

    /// The format of that name, as settings spell it.
    public func named(_ name: String) -> (any HashFormat)? {
        all.first { $0.name == name }
    }

    /// The format that `stored` is a complete, canonical value of; does no hashing.
    public func identify(_ stored: String) -> (any HashFormat)? {
        all.first { $0.identifies(stored) }
    }

    /// What `stored` says about itself, checked against the bounds; does no hashing.
    ///
    /// - Throws: `unknownFormat` or `outOfBounds`.
    public func parameters(of stored: String) throws -> HashParameters {
        try format(of: stored).parameters(of: stored)
    }

    /// Whether `password` is the one behind `stored`. As slow as the stored value asks: see ``HashFormat``.
    ///
    /// - Throws: `unknownFormat`, and what ``HashFormat/verify(_:against:)`` throws.
    public func verify(_ password: Password, against stored: String) throws -> Bool {
        try format(of: stored).verify(password, against: stored)
    }

    /// A new value in the format that `cost` belongs to. As slow as the cost asks: see ``HashFormat``.
    ///
    /// - Throws: `unknownFormat`, and what ``HashFormat/make(_:cost:variant:salt:)`` throws.
    public func make(
        _ password: Password, cost: HashCost, variant: String? = nil, salt: SaltSource = .system
    ) throws -> String {
        guard let format = named(cost.scheme) else {
            throw HashError(.unknownFormat, "there is no scheme of that name")
        }
        return try format.make(password, cost: cost, variant: variant, salt: salt)
    }

    /// A new value with the format, variant and cost of `stored`, so that the program that reads it keeps
    /// understanding it. The cost is copied even where it is under the floor: compare ``HashCost/meetsFloor`` first.
    ///
    /// - Throws: `unknownFormat`, and what ``HashFormat/make(_:cost:variant:salt:)`` throws.
    public func make(_ password: Password, like stored: String, salt: SaltSource = .system) throws -> String {
        let format = try format(of: stored)
        let parameters = try format.parameters(of: stored)
        return try format.make(password, cost: parameters.cost, variant: parameters.variant, salt: salt)
    }

    /// Whether `stored` should be replaced by a value of `cost` when its password is next known.
    public func needsRehash(_ stored: String, to cost: HashCost) -> Bool {
        named(cost.scheme)?.needsRehash(stored, to: cost) ?? true
    }

    private func format(of stored: String) throws -> any HashFormat {
        guard let format = identify(stored) else {
            throw HashError(.unknownFormat, "no known format has values of this form")
        }
        return format
    }
}
