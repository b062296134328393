import Glibc

/// When and how often a driver runs a transaction again. Blocks the connection's thread between two attempts.
public struct TransactionRetry: Sendable {
    /// The codes that ask for another attempt.
    public let codes: Set<SQLError.Code>
    /// The most attempts, the first included.
    public let attempts: Int
    /// No attempt begins later than this after the first one began.
    public let patience: Duration

    public init(codes: Set<SQLError.Code>, attempts: Int, patience: Duration) {
        self.codes = codes
        self.attempts = attempts
        self.patience = patience
    }

    /// Runs `attempt` until it succeeds, fails in another way, or attempts or patience are used up.
    ///
    /// - Throws: what the last attempt threw.
    public func run<Value>(_ attempt: () throws -> Value) throws -> Value {
        let deadline = ContinuousClock.now + patience
        var number = 1
        while true {
            do {
                return try attempt()
            } catch let error as SQLError where codes.contains(error.code) {
                guard number < attempts, ContinuousClock.now < deadline else { throw error }
                pause(after: number)
                number += 1
            }
        }
    }

    /// What a body that threw `error` is to be reported as: a failed statement that asks for another attempt decides,
    /// even where the body caught it and threw something of its own.
    public func verdict(on error: any Error, after failure: SQLError?) -> any Error {
        guard let failure, codes.contains(failure.code) else { return error }
        return failure
    }

    /// Between half and the whole of 4 ms, 8 ms, 16 ms … 256 ms: two that collided do not collide again in step.
    private func pause(after number: Int) {
        let most: UInt32 = 4_000 << UInt32(min(number - 1, 6))
        usleep(UInt32.random(in: most / 2...most))
    }
}
