/// Looks at the requests that came in, issues their codes and hands them to the delivery channel (NEX-4).
///
/// Run it on a signal after a request and by a timer, on every server: each request is decided by one of them. Time spent
/// here tells nobody outside whether an account exists.
public struct IssueResetCodes: Sendable {
    /// What one run did.
    public struct Outcome: Sendable, Equatable {
        /// How many requests it decided; when it is the limit, there may be more.
        public var decided = 0
        /// Numbers of requests whose notice the channel refused. `requests show` still has their codes.
        public var undelivered: [Int64] = []
        /// For the log: a line for each request that somebody was told of or that nobody could be, without its code
        /// (NEX-2).
        public var lines: [String] = []
    }

    private let codes: any ResetCodeRegister
    private let make: MakeResetCode
    private let delivery: any CodeDelivery
    private let clock: any WallClock

    public init(
        codes: any ResetCodeRegister, directory: any Directory, delivery: any CodeDelivery, key: InstanceKey,
        rules: CodeRules, clock: any WallClock, random: any RandomSource
    ) {
        self.codes = codes
        make = MakeResetCode(
            codes: codes, holder: CodeHolder(directory: directory, key: key), key: key, rules: rules, clock: clock,
            random: random)
        self.delivery = delivery
        self.clock = clock
    }

    /// Decides at most `limit` requests in one transaction, and now and then costs one that tidies up. Ended by force after
    /// the first, it leaves codes that nobody was told of: `requests show` has them.
    @discardableResult
    public func callAsFunction(limit: Int = 50) async throws -> Outcome {
        try await codes.tidyCodes(now: clock.now)
        var outcome = Outcome()
        let requests = try await codes.newRequests(limit: limit)
        guard !requests.isEmpty else { return outcome }
        let made = try await make(requests)
        outcome.decided = made.count
        outcome.lines = zip(requests, made).compactMap { request, made in
            made.notice?.line ?? (made.issue == .issued ? Self.nobody(request) : nil)
        }
        outcome.undelivered = await delivery.deliver(made.compactMap(\.notice))
        return outcome
    }

    /// For the operator whom somebody asks why there was no code. The name is not in it: people type passwords there.
    private static func nobody(_ request: CodeRequest) -> String {
        "Password reset request \(request.number): no enabled account has the name that was typed, so nobody has a code"
    }
}
