import Crypto

/// The key of Anki's sync protocol as servers store it: lower-case hexadecimal SHA-1 of `username:password`
/// (ankitects/anki, rslib/src/sync/http_server/mod.rs; Flashcard Flow's column `hkey`).
///
/// It is one fast hash without a salt: whoever reads it guesses the password at full speed. Made because the program
/// needs it, never for an account of Sparekey's own, which keep a MAC of it instead.
public struct AnkiHostKey: CredentialFormat {
    public init() {}

    public var name: String { "anki-hkey" }
    public var fields: Set<StoredCredential.Field> { [.hash] }
    public var needsUsername: Bool { true }
    public var costShape: CostShape { CostShape([], recommended: [], floor: { _ in false }) }

    public func parameters(of stored: StoredCredential) throws -> HashParameters {
        _ = try parse(stored)
        return HashParameters(scheme: name, cost: try cost([]), saltLength: 0, keyLength: 20)
    }

    public func verify(
        _ password: Password, against stored: StoredCredential, inputs: CredentialInputs
    ) throws -> Bool {
        constantTimeEqual(try key(password, inputs), try parse(stored))
    }

    public func make(
        _ password: Password, cost: HashCost, variant: String?, inputs: CredentialInputs, salt: SaltSource
    ) throws -> StoredCredential {
        try checkMake(cost: cost, variant: variant)
        return StoredCredential(hash: HexText.encode(try key(password, inputs)))
    }

    private func parse(_ stored: StoredCredential) throws -> [UInt8] {
        guard let key = stored[.hash].flatMap(HexText.decode), key.count == 20 else { throw malformed() }
        return key
    }

    private func key(_ password: Password, _ inputs: CredentialInputs) throws -> [UInt8] {
        guard let username = inputs.username else {
            throw HashError(.missingInput, "\(name) needs the account's name")
        }
        var sha1 = Insecure.SHA1()
        sha1.update(data: Array("\(username):".utf8))
        password.withUnsafeBytes { sha1.update(bufferPointer: $0) }
        return Array(sha1.finalize())
    }
}
