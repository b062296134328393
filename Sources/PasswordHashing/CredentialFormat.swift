/// The texts that together are one stored password, by what each is for: a hash and the salt in the column beside it.
///
/// Not printable: like a hash, none of it may reach a log.
public struct StoredCredential: Sendable, Hashable {
    /// What one text is for. Formats that need another part name it themselves.
    public struct Field: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// The derived value; the only one that every format has.
        public static let hash = Field(rawValue: "hash")
        public static let salt = Field(rawValue: "salt")
        /// The name and perhaps the numbers of the algorithm.
        public static let algorithm = Field(rawValue: "algorithm")
        /// The number of rounds, in decimal.
        public static let iterations = Field(rawValue: "iterations")

        public var description: String { rawValue }
    }

    private var values: [Field: String]

    public init(_ values: [Field: String]) {
        self.values = values
    }

    /// A password that is stored in one text.
    public init(hash: String) {
        self.init([.hash: hash])
    }

    public var fields: Set<Field> { Set(values.keys) }

    public subscript(field: Field) -> String? {
        get { values[field] }
        set { values[field] = newValue }
    }
}

extension StoredCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<stored credential>`.
    public var description: String { "<stored credential>" }
    /// Always `<stored credential>`.
    public var debugDescription: String { description }
    /// A mirror without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a format may need to know that is not stored with the password.
public struct CredentialInputs: Sendable {
    /// The account's name exactly as it is stored, where it goes into the hash.
    public var username: String?
    /// A secret from the program's settings that goes into every hash.
    public var pepper: Password?

    public init(username: String? = nil, pepper: Password? = nil) {
        self.username = username
        self.pepper = pepper
    }
}

/// One way of storing a password in one or several texts, perhaps with something from elsewhere: what programs keep in a
/// hash column and a salt column, with a pepper in a settings file, and so on.
///
/// A ``HashFormat`` is one with a single text and no input: ``CredentialFormats`` holds each as such. The rules about cost
/// and threads are those of ``HashFormat``.
public protocol CredentialFormat: HashScheme {
    /// The texts it consists of; `make` writes all of them.
    var fields: Set<StoredCredential.Field> { get }
    /// Whether the account's name goes into the hash: then renaming the account makes the password useless.
    var needsUsername: Bool { get }
    /// Whether a secret from the program's settings goes into the hash.
    var needsPepper: Bool { get }

    /// What `stored` says about itself, checked against the bounds. Does no hashing.
    ///
    /// - Throws: `malformed` or `outOfBounds`.
    func parameters(of stored: StoredCredential) throws -> HashParameters

    /// Whether `password`, byte for byte, is the one behind `stored`.
    ///
    /// - Throws: what ``parameters(of:)`` throws, `missingInput`, and what ``HashFormat/verify(_:against:)`` throws.
    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool

    /// New texts, with a salt that is as long as the program's own, at least 16 bytes where the program lets it be.
    ///
    /// - Parameters:
    ///   - cost: must belong to this format; a cost under the floor is obeyed, policy is the caller's.
    ///   - variant: one of ``HashScheme/variants``, or nil for the preferred one.
    /// - Throws: `cannotMake`, `malformedCost`, `missingInput`, and what ``HashFormat/make(_:cost:variant:salt:)`` throws.
    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential
}

extension CredentialFormat {
    public var needsUsername: Bool { false }
    public var needsPepper: Bool { false }

    /// Whether `stored` is a complete, canonical value of this format, its bounds aside. Does no hashing.
    public func identifies(_ stored: StoredCredential) -> Bool {
        do {
            _ = try parameters(of: stored)
            return true
        } catch {
            return (error as? HashError)?.code == .outOfBounds
        }
    }

    func malformed() -> HashError { HashError.malformed(name) }
}

/// A format of one text, as a credential of one field.
struct WholeHash: CredentialFormat {
    let format: any HashFormat

    var name: String { format.name }
    var costShape: CostShape { format.costShape }
    var variants: [String] { format.variants }
    var canMake: Bool { format.canMake }
    var fields: Set<StoredCredential.Field> { [.hash] }

    func parameters(of stored: StoredCredential) throws -> HashParameters {
        try format.parameters(of: text(stored))
    }

    func verify(_ password: Password, against stored: StoredCredential, inputs: CredentialInputs) throws -> Bool {
        try format.verify(password, against: text(stored))
    }

    func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        StoredCredential(hash: try format.make(password, cost: cost, variant: variant, salt: salt))
    }

    private func text(_ stored: StoredCredential) throws -> String {
        guard let text = stored[.hash] else { throw malformed() }
        return text
    }
}
