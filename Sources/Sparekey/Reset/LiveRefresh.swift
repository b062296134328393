/// Tells the running server that an account's credentials changed, so that what it holds in memory is right at once
/// (FLF-2). The stage of the pipeline after the commit: nothing it does or fails to do takes the reset back.
public protocol LiveRefresh: Sendable {
    /// Takes at most two seconds.
    func callAsFunction(accountID: String) async -> RefreshOutcome
}

/// Whether a running server was told (FLF-2, FLF-3).
public enum RefreshOutcome: Sendable, Equatable {
    /// No credential that a server holds in memory changed.
    case nothingToRefresh
    case refreshed
    /// No server was found to tell.
    case noServer
    /// A server answered otherwise than it should, or not in time; the text says how, for the warning.
    case failed(String)
    /// A server that does not know the account: it uses another database.
    case otherDatabase
    /// A server that does not accept the signature: it has another instance key, or another time.
    case otherKey
}

/// A server refreshes its own table.
public struct RefreshOwnTable: LiveRefresh {
    private let table: SyncKeyTable

    public init(table: SyncKeyTable) {
        self.table = table
    }

    public func callAsFunction(accountID: String) async -> RefreshOutcome {
        do {
            try await table.refresh(accountID: accountID)
            return .refreshed
        } catch {
            // The table reloads itself every few seconds.
            return .failed("the database did not answer")
        }
    }
}

extension ResetPlan {
    /// Tells the server where the plan changed something that servers hold in memory.
    func refresh(by refresh: any LiveRefresh) async -> RefreshOutcome {
        guard old[OwnColumn.syncKeyMAC] != new[OwnColumn.syncKeyMAC] else { return .nothingToRefresh }
        return await refresh(accountID: account.id)
    }
}
