/// What a conformance suite found: which promise is broken, and how.
public struct BrokenPromise: Error, CustomStringConvertible {
    /// One clause, for whoever wrote what was judged.
    public let description: String

    public init(_ description: String) {
        self.description = description
    }

    static func unless(_ isHeld: Bool, _ words: @autoclosure () -> String) throws {
        if !isHeld { throw BrokenPromise(words()) }
    }

    /// - Returns: what is there.
    static func found<Value>(_ value: Value?, _ words: @autoclosure () -> String) throws -> Value {
        guard let value else { throw BrokenPromise(words()) }
        return value
    }
}
