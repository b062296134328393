/// Whether the journal of resets is settled, and agrees with the clock.
public struct CheckJournal: Sendable {
    /// A time in the journal may be this far ahead: two machines' clocks are never the same.
    public static let tolerance = Duration.seconds(60)

    private let register: any HealthRegister
    private let now: Timestamp

    public init(register: any HealthRegister, now: Timestamp) {
        self.register = register
        self.now = now
    }

    public func callAsFunction() async throws -> [HealthCheck] {
        [unfinished(try await register.unfinishedResets()), clock(try await register.latestReset())]
    }

    private func unfinished(_ count: Int) -> HealthCheck {
        let name = "unfinished resets"
        guard count > 0 else { return .ok(name, "none") }
        let number = count == 1 ? "1 reset is" : "\(count) resets are"
        return HealthCheck(
            name, .warning, "\(number) under way or was cut off; the old passwords still work",
            remedy: "nothing needs doing: the next command that opens the database settles what was cut off")
    }

    private func clock(_ latest: Timestamp?) -> HealthCheck {
        let name = "clock"
        guard let latest, latest > now + Self.tolerance else { return .ok(name, "now is \(now.rfc3339)") }
        return HealthCheck(
            name, .wrong, "now is \(now.rfc3339), but a reset was made at \(latest.rfc3339)",
            remedy: "set the clock: with a wrong one, temporary passwords expire at the wrong time")
    }
}
