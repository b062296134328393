import SparekeyServer

extension HashPool {
    /// How busy it is, for `/metrics`.
    var metrics: MetricsSource {
        MetricsSource { [queue, threads] in
            let wait = queue.expectedWait.components
            return [
                Metric(
                    "sparekey_hash_threads", .gauge, help: "Password hashes that may run at once.",
                    value: Double(threads)),
                Metric(
                    "sparekey_hash_waiting", .gauge, help: "Password hashes that wait for a thread.",
                    value: Double(queue.waiting)),
                Metric(
                    "sparekey_hash_expected_wait_seconds", .gauge, help: "What one that came now would wait.",
                    value: Double(wait.seconds) + Double(wait.attoseconds) / 1e18),
            ]
        }
    }
}
