import PasswordHashing

/// Passwords are never cut: what cannot be held whole is refused (SEC-6).
enum SizeRule {
    /// 64 characters of four bytes each fit four times over.
    static let maximumBytes = 1_024

    static func violation(of password: Password) -> PolicyViolation? {
        password.count > maximumBytes ? .tooLong(limitBytes: maximumBytes, scheme: nil) : nil
    }
}

extension PolicyViolation {
    /// For whoever knows what a hash scheme can hold: bcrypt reads 72 bytes and would silently ignore the rest.
    ///
    /// - Parameters:
    ///   - limitBytes: the most bytes of UTF-8 that are held.
    ///   - scheme: the scheme's name as the settings spell it; nil when the limit is Sparekey's own.
    public static func tooLong(limitBytes: Int, scheme: String?) -> PolicyViolation {
        let holder = scheme.map { "passwords stored with \($0)" } ?? "passwords"
        return PolicyViolation(
            .tooLong,
            message: "It is too long: \(holder) can have at most \(limitBytes) bytes, "
                + "and a letter with an accent or an emoji takes more than one. Use a shorter one; it is never cut.")
    }
}
