/// Why this process could not be made as harmless as it has to be. Nothing was opened yet when it is thrown.
///
/// Two errors are equal if their codes are: `reason` and `systemError` are for the log.
public struct ProcessError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What failed; more may come.
    public struct Code: Sendable, Hashable {
        let name: String

        /// Core dumps or tracing could not be switched off.
        public static let notHardened = Code(name: "process-not-hardened")
        /// The owner of a folder could not be read.
        public static let noOwner = Code(name: "folder-without-owner")
        /// Root's rights could not be given up, or could be taken back.
        public static let notOwner = Code(name: "owner-not-become")
    }

    public let code: Code
    /// What was tried, in words that hold no secret.
    public let reason: String
    /// The `errno` of the call that failed; nil if no call failed.
    public let systemError: Int32?

    init(_ code: Code, _ reason: String, systemError: Int32? = nil) {
        self.code = code
        self.reason = reason
        self.systemError = systemError
    }

    public var description: String {
        systemError.map { "\(reason) (errno \($0))" } ?? reason
    }

    public static func == (one: ProcessError, other: ProcessError) -> Bool {
        one.code == other.code
    }
}
