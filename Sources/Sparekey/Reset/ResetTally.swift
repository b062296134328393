/// How many resets there were, for a chart.
public protocol ResetTally: Sendable {
    /// Resets by somebody else's hand or by a proof, those that were taken back included; changes of one's own password
    /// are none.
    ///
    /// - Returns: how many by day, counted from 1 January 1970 (UTC); days without any are left out.
    func resets(since: Timestamp) async throws -> [Int64: Int]
}
