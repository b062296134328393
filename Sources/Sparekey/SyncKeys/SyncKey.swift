import Crypto
import PasswordHashing

/// The key by which a sync client proves itself: hexadecimal SHA-1 of `username:password`, as Anki's sync protocol has it.
///
/// SHA-1 beside Argon2 would give a thief of the database fast guessing, so it is never stored: the database and the
/// server's memory hold HMAC-SHA-256 of it under the instance's `sync` sub-key (FLF-1).
public struct SyncKey: Sendable {
    private let digits: Password

    /// - Parameters:
    ///   - username: as stored.
    ///   - password: in Unicode's NFC form.
    init(username: String, password: Password) {
        var sha1 = Insecure.SHA1()
        sha1.update(data: Array("\(username):".utf8))
        password.withUnsafeBytes { sha1.update(bufferPointer: $0) }
        digits = Password(Array(sha1.finalize()).hexadecimal.utf8)
    }

    /// - Parameter text: 40 hexadecimal digits as a client sends them; nil for anything else.
    public init?(text: some StringProtocol) {
        guard text.utf8.count == 40, [UInt8](hexadecimal: text) != nil else { return nil }
        digits = Password(text.lowercased().utf8)
    }

    /// 40 lower-case hexadecimal digits, for the answer to whoever just gave the password.
    public var shownOnce: String {
        digits.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// What is stored and compared, 32 bytes.
    public func mac(_ key: InstanceKey) -> [UInt8] {
        digits.withUnsafeBytes { key.authenticate(Array($0), for: .sync) }
    }
}
