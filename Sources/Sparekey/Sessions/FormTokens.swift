import Crypto

/// What a form carries so that no other site can send it in somebody's name (SEC-5).
///
/// HMAC-SHA-256 under the sub-key `csrf` over whom it was made for: a session, or a browser that is not signed in. Nothing
/// is stored, and a token is worth nothing in another browser.
public struct FormTokens: Sendable {
    public enum Bearer: Sendable {
        /// By the session's id: a new id makes every earlier token void.
        case session(String)
        /// By the random value of a cookie.
        case visitor(String)
        /// For one act on an account, by what stands there as long as the act has not been done.
        case act(session: String, account: String, state: String)
        /// For the form of one step, by what the step carries: a form that was shown for another one does not fit.
        case step(String)
    }

    private let key: SymmetricKey

    public init(_ key: InstanceKey) {
        self.key = key.subKey(.csrf)
    }

    /// 64 lower-case hexadecimal digits.
    public func token(for bearer: Bearer) -> String {
        Array(HMAC<SHA256>.authenticationCode(for: Self.message(bearer), using: key)).hexadecimal
    }

    /// Takes the same time whatever the answer.
    public func isValid(_ token: String, for bearer: Bearer) -> Bool {
        guard token.utf8.count == 64, let mac = [UInt8](hexadecimal: token) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(mac, authenticating: Self.message(bearer), using: key)
    }

    private static func message(_ bearer: Bearer) -> [UInt8] {
        switch bearer {
        case .session(let id): Array("session\u{0}\(id)".utf8)
        case .visitor(let value): Array("visitor\u{0}\(value)".utf8)
        case .act(let session, let account, let state):
            Array("act\u{0}\(session)\u{0}\(account)\u{0}\(state)".utf8)
        case .step(let text): Array("step\u{0}\(text)".utf8)
        }
    }
}
