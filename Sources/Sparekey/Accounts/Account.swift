/// What an account may do in the own directory.
public enum AccountRole: String, Sendable, Codable {
    case admin
    case user
}

/// One person's entry in a directory, without anything secret.
public struct Account: Sendable, Hashable {
    /// A random UUID in the own directory; never used again after the account is gone.
    public let id: String
    public let username: String
    public let email: String?
    public let displayName: String
    public let role: AccountRole
    public let isActive: Bool
    public let requirePasswordChange: Bool
    /// When a temporary password stops working (SEC-9).
    public let passwordExpiresAt: Timestamp?
    public let hasPassword: Bool
    /// Nil in an app.
    public let createdAt: Timestamp?
    public let lastSignInAt: Timestamp?

    public init(
        id: String, username: String, email: String?, displayName: String, role: AccountRole, isActive: Bool,
        requirePasswordChange: Bool = false, passwordExpiresAt: Timestamp? = nil, hasPassword: Bool = true,
        createdAt: Timestamp?, lastSignInAt: Timestamp? = nil
    ) {
        self.id = id
        self.username = username
        self.email = email
        self.displayName = displayName
        self.role = role
        self.isActive = isActive
        self.requirePasswordChange = requirePasswordChange
        self.passwordExpiresAt = passwordExpiresAt
        self.hasPassword = hasPassword
        self.createdAt = createdAt
        self.lastSignInAt = lastSignInAt
    }
}

/// Where accounts and their credentials live: the own directory, or an app.
public protocol Directory: Sendable {
    /// The app, or nil for the own directory.
    var app: AppReference? { get }

    func find(_ name: AccountName) async throws -> Account?

    /// The account with this id; nil when it is gone.
    func find(id: String) async throws -> Account?

    /// Whom each of `names` means, in their order, all of one moment.
    func find(_ names: [AccountName]) async throws -> [Account?]

    /// The columns that a reset replaces, as they are stored now; nil when the account is gone.
    func read(_ account: Account) async throws -> StoredColumns?

    /// The columns that say whether a password is still the one that a reset wrote; the others only go along with it.
    var decisiveColumns: Set<String> { get }

    /// What stored columns say of their password being a temporary one (RST-1).
    func isTemporary(_ columns: StoredColumns) -> (requiresChange: Bool, expiresAt: Timestamp?)

    /// The last `limit` password hashes that were replaced, newest first, without the present one.
    func passwordHistory(of account: Account, limit: Int) async throws -> [String]
}

/// A page of a listing: accounts in the order of their folded usernames; those that only their e-mail made found come
/// last, in the order of their folded e-mails.
public struct AccountPage: Sendable {
    public let accounts: [Account]
    /// What to name as `after` for the next page, a username or an e-mail; nil at the end.
    public let next: String?

    public init(accounts: [Account], next: String?) {
        self.accounts = accounts
        self.next = next
    }
}

/// The own directory, beyond what a reset needs of any directory.
public protocol AccountRegister: Directory {
    /// - Parameters:
    ///   - search: a prefix of username or e-mail, compared without case.
    ///   - after: ``AccountPage/next`` of the page before; this one begins behind it, whether or not the account still exists.
    func list(search: String?, after: String?, limit: Int) async throws -> AccountPage

    /// How many accounts there are, counted no further than `limit`.
    func count(upTo limit: Int) async throws -> Int

    /// Whether somebody could sign in as an administrator: enabled, and with a password.
    func hasEnabledAdministrator() async throws -> Bool

    /// Adds an account with its credentials and its audit row in one transaction.
    ///
    /// - Parameter onlyWithoutAdministrator: refuse, inside the transaction, when there is an enabled administrator.
    /// - Throws: ``RecoveryError`` `taken` or `notAllowed`.
    func add(_ account: NewAccount, onlyWithoutAdministrator: Bool, audit: AuditEvent) async throws

    /// Changes what is given and leaves the rest, all or none. A new username voids the sync credential, which derives
    /// from it.
    ///
    /// - Parameter audit: a row for each thing that is done.
    /// - Throws: ``RecoveryError`` `taken`, or `notAllowed` for the last enabled administrator.
    func change(_ account: Account, to change: AccountChange, audit: [AuditEvent]) async throws

    /// Removes the account and all that hangs on it; the journal and the audit trail keep their rows.
    ///
    /// - Throws: ``RecoveryError`` `notAllowed` for the last enabled administrator, `unknownAccount` when it is gone.
    func remove(_ account: Account, audit: AuditEvent) async throws

    /// Enables or disables; false when it was so already. The last enabled administrator cannot be disabled.
    func setActive(_ active: Bool, account: Account, audit: AuditEvent) async throws -> Bool
}

/// An account about to be added.
public struct NewAccount: Sendable {
    public let account: Account
    public let credentials: StoredColumns
    /// The instance's domain, kept with the set-up of the first administrator (LST-4).
    public let domain: String?
    /// The link that is spent by it: only in an empty directory, and only the one that is kept.
    public let setUpLink: SetUpLink?

    public init(
        account: Account, credentials: StoredColumns, domain: String? = nil, setUpLink: SetUpLink? = nil
    ) {
        self.account = account
        self.credentials = credentials
        self.domain = domain
        self.setUpLink = setUpLink
    }
}

/// What `users set` changes; nil leaves a field as it is.
public struct AccountChange: Sendable {
    public let username: Username?
    public let email: EmailAddress?
    public let displayName: String?
    public let role: AccountRole?
    /// false ends the account's sessions.
    public let active: Bool?
    /// Whether the next thing its owner can do is to change the password. It is lifted by doing so only.
    public let requiresChange: Bool

    /// Whether nothing is to be changed.
    public var isEmpty: Bool { describesNothing && active == nil && !requiresChange }
    /// Whether the account's names and role stay as they are.
    public var describesNothing: Bool { username == nil && email == nil && displayName == nil && role == nil }

    public init(
        username: Username?, email: EmailAddress?, displayName: String?, role: AccountRole?, active: Bool? = nil,
        requiresChange: Bool = false
    ) {
        self.username = username
        self.email = email
        self.displayName = displayName
        self.role = role
        self.active = active
        self.requiresChange = requiresChange
    }
}
