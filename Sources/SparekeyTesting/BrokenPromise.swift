import PasswordHashing

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

    /// - Returns: the value that costs least, for promises that take hundreds of tries.
    static func cheapest<Value>(
        of values: [Value], for format: String, _ cost: (Value) throws -> HashCost
    ) throws -> Value {
        let works = try values.map { (value: $0, work: try cost($0).numbers.reduce(1, *)) }
        return try found(
            works.min { $0.work < $1.work }?.value, "\(format) has no value of a password to be judged with")
    }
}
