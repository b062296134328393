public import PasswordHashing

/// Makes passwords to be read aloud, copied from paper and pasted anywhere (PMX-3).
///
/// 16 characters, or the policy's minimum if longer, of 62: no look-alikes (`0 O o 1 l I`), nothing that a shell, CSV or a
/// chat takes for itself, and a letter or digit at both ends so that a dash is no option, `=` no formula and no sign gets
/// lost at the end of a line. Every such string with all four classes is equally likely: 94.4 bits at 16 characters.
public struct PasswordGenerator: Sendable {
    private let policy: PasswordPolicy
    private let context: PolicyContext
    /// How many characters the passwords have.
    public let length: Int

    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz".utf8)
    private static let digits = Array("23456789".utf8)
    private static let specials = Array("+-=:@/".utf8)
    private static let alphabet = letters + digits + specials

    /// - Parameters:
    ///   - policy: what the passwords are to satisfy, both steps of it.
    ///   - context: the words of the account they are for.
    public init(for policy: PasswordPolicy, context: PolicyContext = PolicyContext()) {
        self.policy = policy
        self.context = context
        self.length = max(16, policy.minLength)
    }

    /// A new password from the system's CSPRNG.
    public func generate() -> Password {
        var system = SystemRandomNumberGenerator()
        return generate(using: &system)
    }

    /// A new password from `generator`, which must be cryptographically secure. Takes one or two candidates, each wiped,
    /// and one run or two of zxcvbn. A generator that never yields a password is broken and ends the program.
    public func generate(using generator: inout some RandomNumberGenerator) -> Password {
        // Fewer than half the candidates fail, so a sound generator gets here once in 2^256.
        for _ in 0..<256 {
            if let password = candidate(using: &generator), satisfies(password) { return password }
        }
        preconditionFailure("the random number generator repeats itself")
    }

    /// Whole candidates are thrown away, never mended: mending would make some passwords likelier than others.
    private func candidate(using generator: inout some RandomNumberGenerator) -> Password? {
        withWipedBytes(capacity: length) { bytes in
            for index in bytes.indices {
                let choice = Int.random(in: 0..<Self.alphabet.count, using: &generator)
                bytes[index] = Self.alphabet[choice]
            }
            guard let first = bytes.first, let last = bytes.last,
                !Self.specials.contains(first), !Self.specials.contains(last)
            else { return nil }
            return Password(bytes)
        }
    }

    private func satisfies(_ password: Password) -> Bool {
        PolicyCandidate(normalized: password).classes.count == CharacterClass.allCases.count
            && policy.violations(of: password).isEmpty
            && policy.violations(of: password, context: context).isEmpty
    }
}
