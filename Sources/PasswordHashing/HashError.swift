/// What went wrong with a stored value, a cost or a password.
///
/// `description` is for logs and terminals: it names the scheme and the broken rule, and never holds any part of a
/// password or of a stored value. Two errors are equal when their codes are.
public struct HashError: Error, Sendable {
    /// A stable, extensible reason; `rawValue` may be shown to people and pinned by tests.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        /// A further code, for a format that lives elsewhere.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The stored value is not a complete, canonical value of the format asked.
        public static let malformed = Code(rawValue: "malformed")
        /// No format in the table recognises the stored value, or there is none of that name.
        public static let unknownFormat = Code(rawValue: "unknown-format")
        /// A number asks for more (or less) work, memory or bytes than is allowed.
        public static let outOfBounds = Code(rawValue: "out-of-bounds")
        /// A cost is not spelled as its scheme spells it, or belongs to another scheme.
        public static let malformedCost = Code(rawValue: "malformed-cost")
        /// The password has more bytes than the format can hold; see ``HashError/limit``.
        public static let passwordTooLong = Code(rawValue: "password-too-long")
        /// The password holds a NUL byte, at which the format would silently stop reading.
        public static let passwordContainsNUL = Code(rawValue: "password-contains-nul")
        /// The system refused the memory that the hash needs.
        public static let outOfMemory = Code(rawValue: "out-of-memory")
        /// The format is only verified: it is too weak to be given to anybody, or such a variant does not exist.
        public static let cannotMake = Code(rawValue: "cannot-make")
        /// The format needs to know something beside the stored value, such as a pepper, and was not told.
        public static let missingInput = Code(rawValue: "missing-input")
        /// The hashing library failed for a reason of its own.
        public static let libraryFailed = Code(rawValue: "library-failed")
    }

    /// What kind of failure; the only part that equality looks at.
    public var code: Code
    /// One clause for a log or a terminal, without any secret.
    public var reason: String
    /// The largest number of password bytes, with ``Code/passwordTooLong``.
    public var limit: Int?
    /// The library's own error, if there was one.
    public var cause: (any Error)?

    /// `reason` must not hold any part of a password or of a stored value: it is printed.
    public init(_ code: Code, _ reason: String, limit: Int? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.reason = reason
        self.limit = limit
        self.cause = cause
    }
}

extension HashError: Equatable, CustomStringConvertible {
    public static func == (left: HashError, right: HashError) -> Bool { left.code == right.code }

    public var description: String { "\(code.rawValue): \(reason)" }
}

extension HashError {
    static func malformed(_ scheme: String) -> HashError {
        HashError(.malformed, "this is not a complete \(scheme) value")
    }

    static func outOfBounds(_ scheme: String, _ reason: String) -> HashError {
        HashError(.outOfBounds, "\(scheme): \(reason)")
    }

    static func onlyVerified(_ scheme: String) -> HashError {
        HashError(.cannotMake, "\(scheme) is only verified, it is too weak for new passwords")
    }

    static func passwordTooLong(_ scheme: String, limit: Int) -> HashError {
        HashError(.passwordTooLong, "\(scheme) holds at most \(limit) bytes", limit: limit)
    }
}
