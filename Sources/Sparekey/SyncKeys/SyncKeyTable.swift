import Synchronization

/// The sync keys of a running server, in memory as HMACs: who a key belongs to is answered without a database.
///
/// It is loaded whole at the start and every few seconds (``reload()``), which also catches what was written without
/// telling the server; ``refresh(accountID:)`` brings one account up to date at once (FLF-2).
public final class SyncKeyTable: Sendable {
    private struct State {
        var accounts: [[UInt8]: SyncEntry] = [:]
        var macs: [String: [UInt8]] = [:]
        /// Counts refreshes, so that a reload that began before one does not undo it.
        var refreshes: UInt64 = 0
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
        let entry = try await register.entry(of: accountID)
        state.withLock { state in
            state.refreshes += 1
            Self.put(entry, for: accountID, &state)
        }
    }

    /// Takes every credential anew. Costs a read of all of them, in pages.
    public func reload() async throws {
        while true {
            let begun = state.withLock(\.refreshes)
            var fresh = State()
            var after: String?
            repeat {
                let page = try await register.entries(after: after, limit: 1000)
                for entry in page.entries { Self.put(entry, for: entry.accountID, &fresh) }
                after = page.next
            } while after != nil
            fresh.refreshes = begun
            let isCurrent = state.withLock { state in
                guard state.refreshes == begun else { return false }
                state = fresh
                return true
            }
            if isCurrent { return }
        }
    }

    private static func put(_ entry: SyncEntry?, for accountID: String, _ state: inout State) {
        if let old = state.macs.removeValue(forKey: accountID) { state.accounts[old] = nil }
        guard let entry else { return }
        state.accounts[entry.mac] = entry
        state.macs[accountID] = entry.mac
    }
}
