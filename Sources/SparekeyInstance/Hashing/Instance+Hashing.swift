public import Sparekey
import SparekeyApps
import SparekeyStore

/// Hashing as a server does it.
extension Instance {
    /// The threads that hash for this instance; ``HashPool/shutdown()`` ends them.
    public func hashPool() throws -> HashPool {
        try HashPool(hasher)
    }

    /// Where a program's formats hash: in the server's pool, or in place.
    var hashingPlace: any HashingPlace { (hashing as? HashPool).map { $0 as any HashingPlace } ?? HashingInPlace() }

    /// The floor of failed sign-ins; keep it measured with ``SignInFloor/keepMeasured(spacing:again:)``.
    public func signInFloor(_ pool: HashPool) async throws -> SignInFloor {
        do {
            return try await SignInFloor(hasher: pool, register: store, random: random)
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// Rehashing after a sign-in. One value serves the whole server.
    public func rehashPassword(_ pool: HashPool) -> RehashPassword {
        RehashPassword(
            hasher: pool, needsRehash: NeedsRehash(to: hasher.cost), key: store.key, register: store, clock: clock)
    }
}
