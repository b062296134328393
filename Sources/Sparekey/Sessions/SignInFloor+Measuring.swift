import PasswordHashing
import Synchronization

extension SignInFloor {
    /// Measures now and every `again`, until the task is cancelled. One of the server's services; see ``measure(spacing:)``.
    ///
    /// A database that is away is no reason to end: the floor stands as it is.
    public func keepMeasured(
        spacing: Duration = .seconds(2), again: Duration = .seconds(6 * 3600)
    ) async throws {
        while true {
            do {
                try await measure(spacing: spacing)
            } catch let error as CancellationError {
                throw error
            } catch {
                try Task.checkCancellation()
            }
            try await Task.sleep(for: again)
        }
    }

    /// Looks through the directory for the schemes and costs that are present, verifies one value of each, and then the
    /// slowest again and again until its 99th percentile is known, and keeps that in the store.
    ///
    /// Reads every account once, a thousand a transaction. Hashes only while nobody waits for a thread, one at a time.
    ///
    /// - Parameter spacing: the pause between two samples of the slowest.
    public func measure(spacing: Duration) async throws {
        var present = try await presentValues()
        let own = try await hasher.make(Self.randomPassword(random))
        if let prefix = HashFormats.costPrefix(of: own) { present[prefix] = own }
        state.withLock { [present] state in
            state.costs.keepOnly(Set(present.keys))
            state.examples = present
        }
        for value in present.values { try await sample(value) }
        try await renewDummy()
        var seen = Int.max
        while let (value, count) = stillToSample() {
            // Where people sign in meanwhile, their verifications are the samples, and cost nothing more.
            let isIdle = count <= seen
            if isIdle { try await sample(value) }
            seen = isIdle ? count + 1 : count
            try await Task.sleep(for: spacing)
        }
        try await renewDummy()
        state.withLock { $0.examples = [:] }
        try await keepFloor()
    }

    /// One stored value of each scheme and cost, with the prefix that tells them apart.
    func presentValues() async throws -> [String: String] {
        var found: [String: String] = [:]
        var after: String?
        repeat {
            let page = try await register.passwordHashes(after: after, limit: 1000)
            for hash in page.hashes where found.count < PresentCosts.most {
                guard let prefix = HashFormats.costPrefix(of: hash), found[prefix] == nil,
                    (try? formats.parameters(of: hash)) != nil
                else { continue }
                found[prefix] = hash
            }
            after = page.next
            await Task.yield()
        } while after != nil
        return found
    }

    /// Verifies `stored` once, with a password that is nobody's, when no sign-in waits.
    func sample(_ stored: String) async throws {
        let password = Self.randomPassword(random)
        let timed = try await hasher.timedVerify(password, against: stored, isUrgent: false)
        guard case .success = timed.outcome, let prefix = HashFormats.costPrefix(of: stored) else { return }
        state.withLock { $0.costs.add(timed.worked, costPrefix: prefix) }
    }

    /// A value of the slowest kind while it has too few samples, and how many it has.
    private func stillToSample() -> (stored: String, count: Int)? {
        state.withLock { state in
            guard let slowest = state.costs.slowest, state.costs.count(slowest) < state.costs.enough,
                let stored = state.examples[slowest]
            else { return nil }
            return (stored, state.costs.count(slowest))
        }
    }

    /// Makes the dummy of the slowest kind that can be made and is not too slow for it.
    private func renewDummy() async throws {
        let example = state.withLock { state -> String? in
            let slowest = state.costs.slowest { prefix in
                guard let example = state.examples[prefix], formats.identify(example)?.canMake == true else {
                    return false
                }
                return (state.costs.median(prefix) ?? .zero) <= PresentCosts.longestDummy
            }
            guard let slowest, slowest != HashFormats.costPrefix(of: state.dummy) else { return nil }
            return state.examples[slowest]
        }
        guard let example else { return }
        let dummy = try await hasher.make(Self.randomPassword(random), like: example)
        state.withLock { $0.dummy = dummy }
    }

    private func keepFloor() async throws {
        let measured = state.withLock { state -> KeptSignInFloor? in
            guard let slowest = state.costs.slowest, state.costs.count(slowest) >= state.costs.enough else {
                return nil
            }
            let floor = KeptSignInFloor(costPrefix: slowest, p99: state.costs.hashFloor)
            state.costs.kept = nil
            return floor
        }
        if let measured { try await register.keep(measured) }
    }
}
