import Foundation
public import Sparekey

/// The server at `server_url`, told of a reset by a signed call (FLF-2).
///
/// Nothing in the call is a secret: see ``RefreshSignature``. So nothing is lost where another program has taken the
/// server's place, and what that program answers is no more than a line on the operator's terminal.
public struct SignedCall: LiveRefresh {
    private let address: ServerAddress
    private let signature: RefreshSignature
    private let clock: any WallClock

    public init(to address: ServerAddress, signature: RefreshSignature, clock: any WallClock = SystemWallClock()) {
        self.address = address
        self.signature = signature
        self.clock = clock
    }

    public func callAsFunction(_ account: Account) async -> RefreshOutcome {
        do {
            let body = try Array(JSONEncoder().encode(["userId": account.id]))
            let call = WebCall(
                address: address, path: "/api/admin/refresh-user",
                headers: [("Authorization", signature.header(for: body, at: clock.now))], body: body)
            return outcome(of: try await call.status(within: LocalServer.timeLimit))
        } catch let error as OutboundError {
            return .failed(error.reason)
        } catch {
            return .failed("\(error)")
        }
    }

    private func outcome(of status: Int) -> RefreshOutcome {
        switch status {
        case 200: .refreshed
        case 401: .otherKey
        case 404: .otherDatabase
        case 300..<400: .failed("\(address) sends callers elsewhere; server_url must name the server itself")
        case let status: .failed("\(address) answered \(status)")
        }
    }
}
