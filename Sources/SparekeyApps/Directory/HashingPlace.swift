/// Where slow hashing runs: in place for a command, which has nothing else to do, on threads of its own in a server.
public protocol HashingPlace: Sendable {
    /// - Throws: what `work` throws; ``RecoveryError`` `overloaded` where it would wait for too long.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
}

public struct HashingInPlace: HashingPlace {
    public init() {}

    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try work()
    }
}
