/// The last durations of something that is done again and again.
struct DurationSamples: Sendable {
    /// Enough for a 99th percentile that one outlier does not move.
    static let most = 512

    private var microseconds: [Int64] = []
    private var oldest = 0

    var count: Int { microseconds.count }

    mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let value = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        guard microseconds.count == Self.most else { return microseconds.append(value) }
        microseconds[oldest] = value
        oldest = (oldest + 1) % Self.most
    }

    /// The smallest sample that at least `share` of all do not exceed (nearest rank); nil without samples.
    func quantile(_ share: Double) -> Duration? {
        guard !microseconds.isEmpty else { return nil }
        let rank = Int((share * Double(microseconds.count)).rounded(.up))
        return .microseconds(microseconds.sorted()[max(0, rank - 1)])
    }
}
