import Crypto

/// By what a counter is found: keyed hashes, so that the table names no address and no name (SEC-1).
///
/// HMAC-SHA-256 under the sub-key `throttle` over `act NUL scope NUL value`, its first 16 bytes.
public struct ThrottleKeys: Sendable {
    private let key: SymmetricKey

    public init(_ key: InstanceKey) {
        self.key = key.subKey(.throttle)
    }

    /// A name as typed, for the audit trail: in hexadecimal, and the same for every act.
    public func nameHash(_ name: AccountName) -> String {
        hash("audit", "name", Self.folded(name)).hexadecimal
    }

    func address(_ address: ThrottledAddress, _ act: ThrottledAct) -> [UInt8] {
        hash(act.rawValue, "address", address.bytes)
    }

    func newPassword(_ address: ThrottledAddress) -> [UInt8] {
        hash("new password", "address", address.bytes)
    }

    func form(_ mark: String) -> [UInt8] {
        hash("form", "mark", Array(mark.utf8))
    }

    /// - Parameter app: nil for the own directory.
    func name(_ name: AccountName, _ act: ThrottledAct, app: String? = nil) -> [UInt8] {
        guard let app else { return hash(act.rawValue, "name", Self.folded(name)) }
        return hash(act.rawValue, "name in an app", Array(app.utf8) + [0] + Self.folded(name))
    }

    func device(_ device: DeviceToken) -> [UInt8] {
        hash(ThrottledAct.signIn.rawValue, "device", device.id)
    }

    func session(_ id: String) -> [UInt8] {
        hash(ThrottledAct.signIn.rawValue, "session", Array(id.utf8))
    }

    func account(_ account: ThrottledAccount, _ scope: ThrottleCounter.Scope) -> [UInt8] {
        switch account {
        case .known(let account): self.account(id: account.id, scope)
        case .unknown(let name): hash("nobody", scope.rawValue, Self.folded(name))
        }
    }

    func account(id: String, _ scope: ThrottleCounter.Scope) -> [UInt8] {
        hash("account", scope.rawValue, Array(id.utf8))
    }

    func note(_ action: AuditEvent.Action, _ outcome: AuditEvent.Outcome, _ subject: [UInt8]) -> [UInt8] {
        hash("note \(action.rawValue)", outcome.rawValue, subject)
    }

    /// Nothing longer than this names anybody: it is not worth folding, which costs more than hashing.
    private static func folded(_ name: AccountName) -> [UInt8] {
        Array((name.text.utf8.count <= 1_024 ? name.key : name.text).utf8)
    }

    private func hash(_ act: String, _ scope: String, _ value: [UInt8]) -> [UInt8] {
        let message = Array(act.utf8) + [0] + Array(scope.utf8) + [0] + value
        return Array(HMAC<SHA256>.authenticationCode(for: message, using: key).prefix(16))
    }
}

/// Whom a try is about, as far as the server knows. Nobody is counted with the same statements as somebody, so that the
/// two take the same time (SEC-4).
public enum ThrottledAccount: Sendable {
    case known(Account)
    case unknown(AccountName)

    public init(_ found: Account?, named name: AccountName) {
        self = found.map(ThrottledAccount.known) ?? .unknown(name)
    }

    public var account: Account? {
        guard case .known(let account) = self else { return nil }
        return account
    }
}
