/// Why a database cannot serve as Sparekey's own directory.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    public struct Code: Sendable, Hashable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// Empty: nobody has run `setup` on it.
        public static let empty = Code("empty")
        /// It holds tables, and they are not Sparekey's.
        public static let foreign = Code("foreign")
        /// A newer Sparekey made it.
        public static let newer = Code("newer")
        /// It belongs to another instance key.
        public static let wrongKey = Code("wrongKey")
        /// A row breaks a rule that this program keeps; somebody else wrote it.
        public static let damaged = Code("damaged")
        /// Its accounts are in another database by now.
        public static let moved = Code("moved")
        /// Accounts were being moved into it, and not all may be there.
        public static let unfinishedMove = Code("unfinishedMove")
        /// The instance key was rotated since the store was opened.
        public static let keyRotated = Code("keyRotated")
    }

    static let rotatedMeanwhile = StoreError(
        .keyRotated, reason: "the instance key was replaced while this process was running")

    public let code: Code
    public let reason: String

    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

    public var description: String { reason }
}
