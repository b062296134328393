/// Tells the running server that an account's credentials changed, so that what it holds in memory is right at once
/// (FLF-2). The stage of the pipeline after the commit: nothing it does or fails to do takes the reset back.
public protocol LiveRefresh: Sendable {
    /// Takes at most two seconds; a program's own commands (APP-9) ten each.
    func callAsFunction(_ account: Account) async -> RefreshOutcome
}

/// Whether a running server was told (FLF-2, FLF-3).
public enum RefreshOutcome: Sendable, Equatable {
    /// No credential that a server holds in memory changed.
    case nothingToRefresh
    case refreshed
    /// No server was found to tell.
    case noServer
    /// No server was found to tell, and none has to be: the database itself tells every server that uses it.
    case announced
    /// A server answered otherwise than it should, or not in time; the text says how, for the warning.
    case failed(String)
    /// A server that does not know the account: it uses another database.
    case otherDatabase
    /// A server that does not accept the signature: it has another instance key, or another time.
    case otherKey
    /// What came of each call that a program's profile names, in the profile's order.
    case calls([HookCall])

    /// Whether everybody was told who has to be; nil where nobody has to be.
    public var isRefreshed: Bool? {
        switch self {
        case .nothingToRefresh: nil
        case .refreshed, .announced: true
        case .noServer, .failed, .otherDatabase, .otherKey: false
        case .calls(let calls): calls.allSatisfy { $0.outcome == .done }
        }
    }
}

/// Somebody whom a program's profile wants told of a reset, and whether they were (APP-9).
public struct HookCall: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case done
        /// The operator's settings bind nothing to the label.
        case notBound
        /// A clause for the warning.
        case failed(String)
    }

    public let label: String
    public let outcome: Outcome
    /// What a person is told once it is done; nil for the label alone.
    public let done: String?
    /// What works and what does not while it is not.
    public let without: String

    public init(label: String, outcome: Outcome, done: String?, without: String) {
        self.label = label
        self.outcome = outcome
        self.done = done
        self.without = without
    }
}

/// Where the database tells its servers of every change, one that was not found hears of it all the same.
public struct AnnouncedRefresh: LiveRefresh {
    private let base: any LiveRefresh

    public init(_ base: any LiveRefresh) {
        self.base = base
    }

    public func callAsFunction(_ account: Account) async -> RefreshOutcome {
        let outcome = await base(account)
        return outcome == .noServer ? .announced : outcome
    }
}

/// A server refreshes its own table.
public struct RefreshOwnTable: LiveRefresh {
    private let table: SyncKeyTable

    public init(table: SyncKeyTable) {
        self.table = table
    }

    public func callAsFunction(_ account: Account) async -> RefreshOutcome {
        do {
            try await table.refresh(accountID: account.id)
            return .refreshed
        } catch {
            // The table reloads itself every few seconds.
            return .failed("the database did not answer")
        }
    }
}

extension ResetPlan {
    /// Tells the server where the plan changed something that servers hold in memory; of a program its profile says whom.
    func refresh(by refresh: any LiveRefresh) async -> RefreshOutcome {
        guard app != nil || old[OwnColumn.syncKeyMAC] != new[OwnColumn.syncKeyMAC] else { return .nothingToRefresh }
        return await refresh(account)
    }
}
