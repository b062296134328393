import Sparekey
import Testing

@Suite("The signature of the call that tells a server of a reset")
struct RefreshSignatureTests {
    let signature: RefreshSignature
    let foreign: RefreshSignature
    let now = Timestamp(microseconds: 1_700_000_000_000_000)
    let body = Array(#"{"userId":"one"}"#.utf8)

    init() throws {
        signature = RefreshSignature(try #require(InstanceKey([UInt8](repeating: 7, count: 32))))
        foreign = RefreshSignature(try #require(InstanceKey([UInt8](repeating: 8, count: 32))))
    }

    @Test(
        "it counts for a minute, by either side's clock",
        arguments: [(-61, false), (-60, true), (60, true), (61, false)])
    func window(_ sample: (seconds: Int64, counts: Bool)) {
        let header = signature.header(for: body, at: now)
        let later = Timestamp(microseconds: now.microseconds + sample.seconds * 1_000_000)
        #expect(signature.isValid(header, for: body, now: later) == sample.counts)
    }

    @Test("it counts for no other account, no other key and no other time")
    func binding() throws {
        let header = signature.header(for: body, at: now)
        #expect(!signature.isValid(header, for: Array(#"{"userId":"two"}"#.utf8), now: now))
        #expect(!foreign.isValid(header, for: body, now: now))
        let late = Timestamp(microseconds: now.microseconds + 3_600_000_000)
        let moved = header.replacing("1700000000:", with: "1700003600:")
        #expect(moved != header && !signature.isValid(moved, for: body, now: late))
    }

    @Test(
        "what is mangled does not count",
        arguments: [
            "", "Sparekey-Refresh", "Sparekey-Refresh 1700000000", "Sparekey-Refresh 1700000000:",
            "Sparekey-Refresh 1700000000:00", "Sparekey-Refresh 9223372036854775807:00", "Sparekey-Refresh -1:00",
            "Sparekey-Refresh :", "Bearer 1700000000:00",
        ])
    func mangled(_ header: String) {
        #expect(!signature.isValid(header, for: body, now: now))
    }
}
