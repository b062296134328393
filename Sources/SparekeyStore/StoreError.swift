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
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

    public var description: String { reason }
}
