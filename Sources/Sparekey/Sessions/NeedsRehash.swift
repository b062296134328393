public import PasswordHashing

/// Whether a stored hash should give way to one of the directory's scheme and cost (SEC-7). Does no hashing.
public struct NeedsRehash: Sendable {
    private let cost: HashCost
    private let formats: HashFormats

    /// - Parameter cost: the directory's present scheme and cost.
    public init(to cost: HashCost, formats: HashFormats = .standard) {
        self.cost = cost
        self.formats = formats
    }

    /// True for another scheme, an outdated variant, a short salt or any number of the cost lower than the directory's.
    /// A stronger value of the same scheme stays, and so does what no format knows: nobody can have signed in with it.
    public func callAsFunction(_ stored: String) -> Bool {
        guard formats.identify(stored) != nil else { return false }
        return formats.needsRehash(stored, to: cost)
    }
}
