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
        codes: any ResetCodeRegister, directories: any RecoverableDirectories, delivery: any CodeDelivery,
        key: InstanceKey, rules: CodeRules, clock: any WallClock, random: any RandomSource
    ) {
        self.codes = codes
        make = MakeResetCode(
            codes: codes, holder: CodeHolder(directories: directories, key: key), key: key, rules: rules, clock: clock,
            random: random)
        self.delivery = delivery
        self.clock = clock
    }

    /// Decides at most `limit` requests of one directory in one transaction, and now and then costs one that tidies up. Ended by force after
    /// the first, it leaves codes that nobody was told of: `requests show` has them.
    ///
    /// - Parameter app: the app's name; nil for the own directory. Each is decided by itself, so that an app that does not
    ///   answer keeps nobody else waiting.
    /// - Throws: ``RecoveryError`` `appUnavailable`; the requests stay as they are, for the next run.
    @discardableResult
    public func callAsFunction(of app: String? = nil, limit: Int = 50) async throws -> Outcome {
        if app == nil { try await codes.tidyCodes(now: clock.now) }
        var outcome = Outcome()
        let requests = try await codes.newRequests(of: app, limit: limit)
        guard !requests.isEmpty else { return outcome }
        let made = try await make(requests)
        outcome.decided = made.count
        outcome.lines = zip(requests, made).compactMap { request, made in
            guard made.isForNobody else { return made.notice?.line }
            return made.issue == .issued ? Self.nobody(request) : nil
        }
        outcome.undelivered = await delivery.deliver(made.filter { !$0.isForNobody }.compactMap(\.notice))
        // What a request costs is to tell nothing either.
        await delivery.rehearse(made.filter(\.isForNobody).compactMap(\.notice))
        return outcome
    }

    /// The apps that somebody asked for a code of, which nobody has looked at yet.
    public func appsThatWait() async throws -> [String] { try await codes.appsWithNewRequests() }

    /// For the operator whom somebody asks why there was no code. The name is not in it: people type passwords there.
    private static func nobody(_ request: CodeRequest) -> String {
        let place = request.app.map { " of \(DisplayText($0, limit: 64).text)" } ?? ""
        return
            "Password reset request \(request.number): no enabled account\(place) has the name that was typed, so nobody "
            + "has a code"
    }
}
