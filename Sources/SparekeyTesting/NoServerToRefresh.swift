public import Sparekey

/// Where there is nobody to tell.
public struct NoServerToRefresh: LiveRefresh {
    public init() {}

    public func callAsFunction(_ account: Account) async -> RefreshOutcome { .noServer }
}
