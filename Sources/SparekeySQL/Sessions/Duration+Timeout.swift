/// Timeouts as servers take them.
extension Duration {
    /// At least 1, because servers take 0 for "never".
    public var wholeMilliseconds: Int64 {
        max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }

    /// Rounded up, so that a short timeout does not become none.
    public var wholeSeconds: Int64 {
        (wholeMilliseconds + 999) / 1000
    }
}
