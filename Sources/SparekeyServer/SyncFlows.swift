public import PasswordHashing
public import Sparekey

/// What the calls of sync clients need; absent while `sync_keys` is off.
public struct SyncFlows: Sendable {
    public let fetchKey: FetchSyncKey
    public let table: SyncKeyTable

    public init(fetchKey: FetchSyncKey, table: SyncKeyTable) {
        self.fetchKey = fetchKey
        self.table = table
    }
}

/// Who may tell this server of a changed account.
public struct RefreshCalls: Sendable {
    public let signature: RefreshSignature
    /// The setting `secret`; nil where none is set.
    public let secret: Password?

    public init(signature: RefreshSignature, secret: Password?) {
        self.signature = signature
        self.secret = secret
    }
}
