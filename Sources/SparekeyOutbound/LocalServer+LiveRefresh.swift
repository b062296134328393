import Foundation
public import Sparekey

extension LocalServer: LiveRefresh {
    public func callAsFunction(_ account: Account) async -> RefreshOutcome {
        do {
            let body = try Array(JSONEncoder().encode(["userId": account.id]))
            let answer = try await call(LocalRequest(method: "POST", path: "/api/admin/refresh-user", body: body))
            return switch answer?.status {
            case nil: .noServer
            case 200: .refreshed
            case 404: .otherDatabase
            case let status?: .failed("it answered \(status)")
            }
        } catch let error as OutboundError {
            return .failed(error.reason)
        } catch {
            return .failed("\(error)")
        }
    }
}
