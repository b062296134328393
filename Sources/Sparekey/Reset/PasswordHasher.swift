public import PasswordHashing

/// Slow hashing, kept apart from where it runs: a command hashes in place, a server in a pool of its own.
public protocol PasswordHasher: Sendable {
    /// A stored string in the directory's scheme and cost. Costs tens of milliseconds of CPU and the scheme's memory.
    func make(_ password: Password) async throws -> String

    /// Whether `stored` (any known format) accepts the password. Costs what the stored string asks for, within bounds.
    func verify(_ password: Password, against stored: String) async throws -> Bool

    /// PBKDF2-HMAC-SHA-256 with OWASP's current rounds, for the sync credential (FLF-1).
    func makePBKDF2(_ password: Password) async throws -> String

    /// Argon2id at OWASP's recommended cost, whatever the directory's scheme: for reset tokens (LST-3).
    func makeTokenHash(_ token: Password) async throws -> String

    /// Refuses what the scheme cannot hold (bcrypt beyond 72 bytes); nil when it can.
    func limitViolation(_ password: Password) -> PolicyViolation?
}
