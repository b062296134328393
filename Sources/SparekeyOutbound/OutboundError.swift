/// Why a call to another program brought no answer that counts.
public struct OutboundError: Error, Sendable, Equatable, CustomStringConvertible {
    public struct Code: Sendable, Hashable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// Nobody listens there.
        public static let unreachable = Code("unreachable")
        /// No answer within the time.
        public static let timeout = Code("timeout")
        /// An answer that is not the one expected.
        public static let refused = Code("refused")
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    public static func == (left: OutboundError, right: OutboundError) -> Bool { left.code == right.code }

    public var description: String { reason }
}
