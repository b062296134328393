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
}
