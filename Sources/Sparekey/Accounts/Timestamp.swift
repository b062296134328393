import Foundation

/// A moment in UTC, in whole microseconds since 1970: the unit of every time in the store.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Saturates instead of overflowing: a stored time can be anything.
    public static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let step = overflow ? (seconds < 0 ? Int64.min : .max) : scaled
        let (sum, tooFar) = time.microseconds.addingReportingOverflow(step)
        guard !tooFar else { return Timestamp(microseconds: step < 0 ? .min : .max) }
        return Timestamp(microseconds: sum &+ attoseconds / 1_000_000_000_000)
    }

    /// Reads `2026-02-12T16:30:00Z`, or `2026-02-12` for the beginning of that day in UTC; nil for anything else.
    ///
    /// The form is looked at first: Foundation also reads years of more digits, whose seconds no ``Timestamp`` holds.
    public init?(rfc3339 text: String) {
        let isDay = text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
        guard isDay || text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/) != nil,
            let date = try? Date(isDay ? text + "T00:00:00Z" : text, strategy: .iso8601)
        else { return nil }
        self.init(microseconds: Int64(date.timeIntervalSince1970) * 1_000_000)
    }

    /// RFC 3339 in UTC with seconds, as in `2026-02-12T16:30:00Z`.
    public var rfc3339: String {
        written(milliseconds: false)
            ?? Date(timeIntervalSince1970: Double(microseconds) / 1_000_000).formatted(.iso8601)
    }

    /// The same with three digits of the second's fraction, as in `2026-02-12T16:30:00.125Z`.
    public var rfc3339Milliseconds: String {
        written(milliseconds: true) ?? rfc3339
    }

    /// By hand, because every line of a log has one and Foundation takes its time; nil before 1970 and beyond the year 9999.
    private func written(milliseconds: Bool) -> String? {
        guard (0..<253_402_300_800_000_000).contains(microseconds) else { return nil }
        var seconds = time_t(microseconds / 1_000_000)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func append(_ number: Int32, digits: Int, _ mark: Unicode.Scalar) {
            var power = digits == 4 ? 1000 : digits == 3 ? 100 : 10
            while power > 0 {
                text.append(0x30 + UInt8(Int(number) / power % 10))
                power /= 10
            }
            text.append(UInt8(ascii: mark))
        }
        append(parts.tm_year + 1900, digits: 4, "-")
        append(parts.tm_mon + 1, digits: 2, "-")
        append(parts.tm_mday, digits: 2, "T")
        append(parts.tm_hour, digits: 2, ":")
        append(parts.tm_min, digits: 2, ":")
        append(parts.tm_sec, digits: 2, milliseconds ? "." : "Z")
        if milliseconds { append(Int32(microseconds / 1000 % 1000), digits: 3, "Z") }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Where "now" comes from. A parameter of every flow, so that a test can move it.
public protocol WallClock: Sendable {
    var now: Timestamp { get }
}

/// The machine's clock.
public struct SystemWallClock: WallClock {
    public init() {}

    public var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
