import PasswordHashing

/// The one-time link of a first start (LST-4): whoever can read the server's console makes the first administrator.
///
/// Of its token the database keeps an HMAC under a sub-key, and when it ends. Only the newest link counts, and none once
/// the database has held an account.
public struct SetUpLink: Sendable, Hashable {
    /// HMAC-SHA-256(token sub-key, label ‖ token), 32 bytes.
    public let lookup: [UInt8]
    public let expiresAt: Timestamp

    public init(lookup: [UInt8], expiresAt: Timestamp) {
        self.lookup = lookup
        self.expiresAt = expiresAt
    }
}

extension ResetToken {
    /// As ``SetUpLink`` keeps it. The label keeps it apart from a reset token's look-up.
    func setUpLookup(_ key: InstanceKey) -> [UInt8] {
        key.authenticate(secret.withUnsafeBytes { Array("set-up link".utf8) + $0 }, for: .token)
    }
}

extension Proof {
    /// Somebody who read the console at the first start.
    static let setUpLinkKind = "set-up link"
}

/// Where the set-up link rests.
public protocol SetUpRegister: Sendable {
    /// Whether the directory is empty now.
    func isEmpty() async throws -> Bool

    /// Replaces the link, or removes it with nil.
    ///
    /// - Returns: false, and nothing is kept, where the database has ever held an account.
    func keepSetUpLink(_ link: SetUpLink?) async throws -> Bool

    func setUpLink() async throws -> SetUpLink?
}

/// Makes the link of this start; every earlier one is void from then on.
public struct OfferSetUp: Sendable {
    /// How long a link works.
    public static let lifetime: Duration = .seconds(3600)

    private let register: any SetUpRegister
    private let key: InstanceKey
    private let clock: any WallClock
    private let random: any RandomSource

    public init(register: any SetUpRegister, key: InstanceKey, clock: any WallClock, random: any RandomSource) {
        self.register = register
        self.key = key
        self.clock = clock
        self.random = random
    }

    /// - Returns: the token, to be shown once; nil where the database has ever held an account.
    public func callAsFunction() async throws -> ResetToken? {
        let token = ResetToken(random: random)
        let link = SetUpLink(lookup: token.setUpLookup(key), expiresAt: clock.now + Self.lifetime)
        return try await register.keepSetUpLink(link) ? token : nil
    }

    /// Makes every earlier link void, where a new one could not be shown.
    public func withdraw() async throws {
        _ = try await register.keepSetUpLink(nil)
    }
}
