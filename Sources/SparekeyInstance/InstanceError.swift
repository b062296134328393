/// What stops an instance from opening: settings, files, keys and databases that are not as they must be.
///
/// The command line prints `reason` after `error:` and `hint` after `hint:`, and maps the code to an exit status. Neither
/// text ever holds a secret or the value of a setting (SEC-8).
public struct InstanceError: Error, Sendable {
    /// Extensible: other parts of the module add their own.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        public init(_ description: String) {
            self.description = description
        }

        /// A setting is unknown, given twice, or has a value that it cannot take.
        public static let badSettings = Code("badSettings")
        /// A profile is not one, or there is none of that name.
        public static let badProfile = Code("badProfile")
        /// The database is not as its program's profile has it.
        public static let misfit = Code("misfit")
        /// It is as several programs' profiles have it, and nobody said which one it is.
        public static let severalFit = Code("severalFit")
        /// A program's profile refuses the reset.
        public static let refused = Code("refused")
        /// Others could have written the file, or can read the key in it.
        public static let unsafeFile = Code("unsafeFile")
        /// The instance key is not the one that the database was made with.
        public static let wrongKey = Code("wrongKey")
        /// The database belongs to another program.
        public static let wrongDatabase = Code("wrongDatabase")
        /// The database was written by a newer Sparekey.
        public static let newerDatabase = Code("newerDatabase")
        /// A file, database or server is missing or does not answer.
        public static let unavailable = Code("unavailable")
        /// A change to a program's file was cut off, and it cannot be read before that is taken back.
        public static let cutOff = Code("cutOff")
        /// It can be read and not written.
        public static let notWritable = Code("notWritable")
        /// Somebody else holds it; trying again may help.
        public static let busy = Code("busy")
        /// No account exists yet.
        public static let notSetUp = Code("notSetUp")
    }

    public let code: Code
    /// Lower case, no full stop, naming the object.
    public let reason: String
    /// What to do next, in the same form.
    public let hint: String?
    public let cause: (any Error)?

    public init(_ code: Code, reason: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.reason = reason
        self.hint = hint
        self.cause = cause
    }
}

extension InstanceError: Equatable {
    /// By code alone: reasons are for people.
    public static func == (left: InstanceError, right: InstanceError) -> Bool { left.code == right.code }
}

extension InstanceError: CustomStringConvertible {
    public var description: String { hint.map { "\(reason) (\($0))" } ?? reason }
}
