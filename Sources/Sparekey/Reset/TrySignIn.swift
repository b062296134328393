public import PasswordHashing

/// Tries a program's own sign-in with the password that a reset has just set (APP-4): the stage behind the commit that asks
/// the program itself. Nothing it says takes the reset back.
public protocol TrySignIn: Sendable {
    /// Takes at most ten seconds, and asks once: programs count wrong tries.
    func callAsFunction(_ account: Account, with password: Password) async -> SignInTrial
}

/// What the program's own sign-in said.
public enum SignInTrial: Sendable, Equatable {
    /// Nobody bound its address, or the account cannot sign in whatever the password.
    case notTried
    case accepted
    case refused
    /// It said neither, or nothing; a clause for the warning.
    case unclear(String)
}

/// Asks nobody.
public struct NoSignInToTry: TrySignIn {
    public init() {}

    public func callAsFunction(_ account: Account, with password: Password) async -> SignInTrial { .notTried }
}
