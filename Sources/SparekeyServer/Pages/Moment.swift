import Foundation
import Sparekey

/// A time as a page shows it.
struct Moment: Sendable {
    /// For `<time datetime>`.
    let machine: String
    /// `21 Nov 2026, 10:11`, UTC.
    let exact: String
    /// `5 minutes ago`; a time of more than a week is exact.
    let spoken: String

    init(_ time: Timestamp, now: Timestamp) {
        machine = time.rfc3339
        exact = Date(timeIntervalSince1970: Double(time.microseconds) / 1_000_000).formatted(Self.style)
        let seconds = max(0, now.microseconds - time.microseconds) / 1_000_000
        spoken =
            switch seconds {
            case ..<60: Texts.Time.now
            case ..<3600: Texts.Time.minutes(seconds / 60)
            case ..<86_400: Texts.Time.hours(seconds / 3600)
            case ..<604_800: Texts.Time.days(seconds / 86_400)
            default: exact
            }
    }

    private static let style = Date.VerbatimFormatStyle(
        format: """
            \(day: .defaultDigits) \(month: .abbreviated) \(year: .defaultDigits), \
            \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)
            """,
        locale: Locale(identifier: "en_GB"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
}
