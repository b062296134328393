extension Duration {
    /// Reads `90s`, `10m`, `24h` or `7d`: a whole number of seconds, minutes, hours or days, more than none.
    ///
    /// nil for anything else, and for more than ten years: what is added to a time must not overflow, and nothing Sparekey
    /// keeps should live so long.
    public init?(setting text: String) {
        guard let unit = text.utf8.last.flatMap(Duration.seconds(inUnit:)) else { return nil }
        let digits = text.utf8.dropLast()
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(String(digits) ?? "") else {
            return nil
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, (1...Duration.tenYears).contains(seconds) else { return nil }
        self = .seconds(seconds)
    }

    private static let tenYears: Int64 = 3_650 * 86_400

    private static func seconds(inUnit letter: UInt8) -> Int64? {
        switch letter {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3_600
        case UInt8(ascii: "d"): 86_400
        default: nil
        }
    }
}
