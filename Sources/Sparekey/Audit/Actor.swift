/// Who acted, as the audit trail keeps it.
///
/// An operator is who the system says; `claimedUser` is only what `SUDO_USER` said. Everybody else came over the network:
/// by account and address.
public struct Actor: Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// Somebody with a shell on the machine.
        case `operator`
        /// An account with the admin role, acting on another one.
        case administrator
        /// The account's own person, signed in or with a code or token in hand.
        case owner
        /// Nobody that is known yet: who asks, or fails to sign in.
        case visitor
        /// The server itself, by a timer or at its start.
        case server
    }

    public let kind: Kind
    public let realUserID: UInt32?
    /// Set at login and kept through su and sudo (audit's login uid); nil where the kernel keeps none.
    public let loginUserID: UInt32?
    /// The system user's name, or the account's username.
    public let userName: String?
    public let claimedUser: String?
    /// Who acted, where it was an account.
    public let accountID: String?
    /// The peer's address, or the one that a trusted proxy names; nil at a shell.
    public let address: String?

    /// An operator.
    public init(realUserID: UInt32, loginUserID: UInt32?, userName: String?, claimedUser: String?) {
        kind = .operator
        self.realUserID = realUserID
        self.loginUserID = loginUserID
        self.userName = userName
        self.claimedUser = claimedUser
        accountID = nil
        address = nil
    }

    private init(_ kind: Kind, account: Account?, address: String?) {
        self.kind = kind
        realUserID = nil
        loginUserID = nil
        userName = account?.username
        claimedUser = nil
        accountID = account?.id
        self.address = address
    }

    public static func administrator(_ account: Account, address: String?) -> Actor {
        Actor(.administrator, account: account, address: address)
    }

    public static func owner(_ account: Account, address: String?) -> Actor {
        Actor(.owner, account: account, address: address)
    }

    public static func visitor(address: String?) -> Actor {
        Actor(.visitor, account: nil, address: address)
    }

    public static let server = Actor(.server, account: nil, address: nil)
}
