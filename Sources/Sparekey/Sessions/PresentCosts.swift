import PasswordHashing

/// How long each scheme and cost that is present takes, and the floor that follows.
struct PresentCosts: Sendable {
    /// A directory holds a handful; whoever can write a thousand kinds of hashes into it needs no timing.
    static let most = 64
    /// Longer than the slowest hash within the house's bounds should take on a machine that serves people.
    static let longest = Duration.seconds(10)
    /// What a sign-in to no account may cost in CPU. Slower values are covered by the timer alone.
    static let longestDummy = Duration.seconds(1)

    /// From so many samples on their 99th percentile counts.
    let enough: Int
    /// What an earlier run measured, until this one has enough samples.
    var kept: KeptSignInFloor?
    private var samples: [String: DurationSamples] = [:]
    /// What sign-ins took besides the hash: look-ups and rows written.
    private var besides = DurationSamples()

    init(enough: Int, kept: KeptSignInFloor?) {
        self.enough = enough
        self.kept = kept
    }

    mutating func add(_ worked: Duration, costPrefix: String) {
        guard samples[costPrefix] != nil || samples.count < Self.most else { return }
        samples[costPrefix, default: DurationSamples()].add(worked)
    }

    mutating func addBesides(_ duration: Duration) {
        besides.add(duration)
    }

    /// Forgets what is not present any more.
    mutating func keepOnly(_ present: Set<String>) {
        samples = samples.filter { present.contains($0.key) }
        if let kept, !present.contains(kept.costPrefix) { self.kept = nil }
    }

    func count(_ costPrefix: String) -> Int { samples[costPrefix]?.count ?? 0 }

    func median(_ costPrefix: String) -> Duration? { samples[costPrefix]?.quantile(0.5) }

    /// The present scheme and cost whose verification takes longest, by the median.
    var slowest: String? { slowest { _ in true } }

    func slowest(where isMeant: (String) -> Bool) -> String? {
        samples.keys.filter(isMeant).max { (median($0) ?? .zero) < (median($1) ?? .zero) }
    }

    /// The 99th percentile of one verification of the slowest; until there are enough samples the kept one, and without
    /// one twice the median of those that there are.
    var hashFloor: Duration {
        guard let slowest, let median = median(slowest) else { return kept?.p99 ?? .zero }
        let measured = samples[slowest]?.quantile(0.99) ?? median
        guard count(slowest) < enough else { return measured }
        // A kept floor that is less than what is seen now was measured on a faster machine.
        if let kept, kept.p99 > median { return kept.p99 }
        return median * 2
    }

    /// ``hashFloor`` and what else a sign-in does, so that its rows and look-ups stay under the floor as well.
    var floor: Duration {
        let rest = besides.count < 20 ? nil : besides.quantile(0.99)
        return min(hashFloor + min(rest ?? .milliseconds(10), .milliseconds(100)), Self.longest)
    }
}
