/// What a database refused, in words both drivers share. The reason never holds a bound value (SEC-8).
public struct SQLError: Error, Sendable, CustomStringConvertible {
    /// Extensible: a driver for another database may add its own.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        public init(_ description: String) {
            self.description = description
        }

        /// Locked by somebody else for longer than the timeout.
        public static let busy = Code("busy")
        /// The file is missing, may not be opened, or nobody answers at the address.
        public static let unavailable = Code("unavailable")
        /// A change to the file was cut off and is to be taken back before it can be read: whoever may write it does that.
        public static let cutOff = Code("cutOff")
        /// The address itself cannot be read: nobody was asked.
        public static let badAddress = Code("badAddress")
        /// It can be read and not written.
        public static let readOnly = Code("readOnly")
        /// No space left for the write.
        public static let full = Code("full")
        /// The file is not a database, or a damaged one.
        public static let notADatabase = Code("notADatabase")
        /// A unique, check or foreign-key rule refused the row.
        public static let constraint = Code("constraint")
        /// The database asks for the transaction again (40001, 40P01); seen outside only when trying again did not help.
        public static let conflict = Code("conflict")
        /// The connection broke; during a commit its outcome is unknown.
        public static let connectionLost = Code("connectionLost")
        /// The user and password were refused, or the user may not do this.
        public static let denied = Code("denied")
        /// A column holds a value of a type nobody wrote there.
        public static let unexpectedType = Code("unexpectedType")
        public static let other = Code("other")
    }

    public let code: Code
    public let reason: String
    public let cause: (any Error)?

    public init(_ code: Code, reason: String, cause: (any Error)? = nil) {
        self.code = code
        self.reason = reason
        self.cause = cause
    }

    public var description: String { reason }
}

extension SQLError: Equatable {
    public static func == (left: SQLError, right: SQLError) -> Bool { left.code == right.code }
}
