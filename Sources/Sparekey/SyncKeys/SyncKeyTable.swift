import Synchronization

/// The sync keys of a running server, in memory as HMACs: who a key belongs to is answered without a database.
///
/// It is loaded whole at the start and every few seconds (``reload()``), which also catches what was written without
/// telling the server; ``refresh(accountID:)`` brings one account up to date at once (FLF-2).
public final class SyncKeyTable: Sendable {
    private struct State {
        var accounts: [[UInt8]: SyncEntry] = [:]
        var macs: [String: [UInt8]] = [:]
        /// Numbers the readings in the order in which they begin: what a later one saw is not replaced by an earlier one.
        var begun: UInt64 = 0
        /// The reading of everything that is in the table.
        var whole: UInt64 = 0
        /// The later readings of single accounts.
        var single: [String: UInt64] = [:]
    }

    private let state = Mutex(State())
    private let register: any SyncCredentialRegister
    private let key: InstanceKey

    public init(register: any SyncCredentialRegister, key: InstanceKey) {
        self.register = register
        self.key = key
    }

    /// How many accounts can sync.
    public var count: Int { state.withLock(\.macs.count) }

    /// Whose key it is; nil for nobody's. Reads memory only.
    public func username(of key: SyncKey) -> String? {
        let mac = key.mac(self.key)
        return state.withLock { $0.accounts[mac]?.username }
    }

    /// Takes one account's present credential, and forgets its earlier one.
    public func refresh(accountID: String) async throws {
        let reading = begin()
        let entry = try await register.entry(of: accountID)
        state.withLock { state in
            guard reading > max(state.whole, state.single[accountID] ?? 0) else { return }
            Self.put(entry, for: accountID, &state)
            state.single[accountID] = reading
        }
    }

    /// Takes every credential anew. Costs a read of all of them, in pages.
    public func reload() async throws {
        let reading = begin()
        var fresh = State(whole: reading)
        var after: String?
        repeat {
            let page = try await register.entries(after: after, limit: 1000)
            for entry in page.entries { Self.put(entry, for: entry.accountID, &fresh) }
            after = page.next
        } while after != nil
        state.withLock { state in
            guard reading > state.whole else { return }
            for (accountID, later) in state.single where later > reading {
                Self.put(state.macs[accountID].flatMap { state.accounts[$0] }, for: accountID, &fresh)
                fresh.single[accountID] = later
            }
            fresh.begun = state.begun
            state = fresh
        }
    }

    private func begin() -> UInt64 {
        state.withLock { state in
            state.begun += 1
            return state.begun
        }
    }

    private static func put(_ entry: SyncEntry?, for accountID: String, _ state: inout State) {
        if let old = state.macs.removeValue(forKey: accountID) { state.accounts[old] = nil }
        guard let entry else { return }
        state.accounts[entry.mac] = entry
        state.macs[accountID] = entry.mac
    }
}
