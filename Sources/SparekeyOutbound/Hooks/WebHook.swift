import Foundation
public import PasswordHashing
public import Sparekey

/// A call to the address that the operator bound to a program's hook: the account, and a bearer secret where the profile
/// names one. No password is in it.
public struct WebHook: Sendable {
    private let address: ServerAddress
    private let path: String
    private let bearer: Password?

    /// - Parameters:
    ///   - path: as the operator wrote it, its last slash included.
    ///   - bearer: printable ASCII (RFC 6750, 2.1); checked at the call.
    public init(to address: ServerAddress, path: String, bearer: Password?) {
        self.address = address
        self.path = path
        self.bearer = bearer
    }

    /// Sends it once. A redirect is not followed: it would carry the secret elsewhere.
    ///
    /// - Throws: ``OutboundError`` unless the answer is 200, within two seconds.
    public func callAsFunction(_ account: Account) async throws {
        let body = try JSONEncoder().encode(
            Body(userId: account.id, username: account.username, email: account.email))
        let call = WebCall(address: address, path: path, headers: try authorization(), body: Array(body))
        let status = try await call.status(within: LocalServer.timeLimit)
        guard status != 200 else { return }
        throw OutboundError(.refused, reason: "\(address) \(Self.words(status))")
    }

    private func authorization() throws -> [(name: String, value: String)] {
        guard let bearer else { return [] }
        let value = bearer.withUnsafeBytes { bytes in
            bytes.allSatisfy { (0x21...0x7E).contains($0) } ? String(decoding: bytes, as: UTF8.self) : nil
        }
        guard let value, !value.isEmpty else {
            throw OutboundError(
                .refused,
                reason: "the secret that the call carries is empty, or has characters that a call cannot carry")
        }
        return [("Authorization", "Bearer \(value)")]
    }

    private static func words(_ status: Int) -> String {
        switch status {
        case 300..<400: "sends callers elsewhere (\(status)); the hook must name the program itself"
        case 401, 403: "did not accept the secret (\(status))"
        // FLF-3: whoever does not know the account reads another database.
        case 404:
            "answered 404: either it has no such call, or it uses another database; then point it at this one and restart it"
        default: "answered \(status)"
        }
    }

    /// Who was reset; the field that a program does not know it passes over.
    private struct Body: Encodable {
        let userId: String
        let username: String
        let email: String?
    }
}
