import Foundation
import Sparekey
import Testing

@Suite("Times that people write")
struct TimestampTests {
    @Test(
        "a day or a second in UTC is read",
        arguments: [("2026-02-12", "2026-02-12T00:00:00Z"), ("2026-02-12T16:30:00Z", "2026-02-12T16:30:00Z")])
    func read(_ text: String, _ shown: String) {
        #expect(Timestamp(rfc3339: text)?.rfc3339 == shown)
    }

    @Test(
        "anything else is not, years of six digits among it",
        arguments: [
            "", "yesterday", "2026-13-01", "2026-1-1", "294250-1-1", "294250-01-01", "2026-02-12T16:30:00+01:00",
        ])
    func refuse(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        "a time is written as Foundation writes it",
        arguments: [
            0, 1_999_999, 951_782_400_000_000, 1_770_913_800_125_999, 4_102_444_799_999_999, 253_402_300_799_000_000,
            -1_000_000,
            253_402_300_800_000_000,
        ] as [Int64])
    func written(_ microseconds: Int64) {
        let date = Date(timeIntervalSince1970: Double(microseconds / 1_000_000))
        #expect(Timestamp(microseconds: microseconds).rfc3339 == date.formatted(.iso8601))
    }

    @Test("a line of the log has milliseconds")
    func milliseconds() {
        #expect(Timestamp(microseconds: 1_770_913_800_025_999).rfc3339Milliseconds == "2026-02-12T16:30:00.025Z")
    }
}
