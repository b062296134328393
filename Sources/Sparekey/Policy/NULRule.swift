import PasswordHashing

/// The byte 0 ends a string in C, so crypt(3) and many login forms would read only what stands before it (SEC-6).
enum NULRule {
    static func violation(of password: Password) -> PolicyViolation? {
        guard password.withUnsafeBytes({ $0.contains(0) }) else { return nil }
        return PolicyViolation(
            .nul,
            message: "It holds an invisible NUL character, which many programs take for the end. "
                + "Type the password instead of pasting it.")
    }
}
