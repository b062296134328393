import PasswordHashing

/// Passwords that were just accepted and whose stored hash may be older than the directory's: replaced after the answer
/// is out (SEC-7). A full queue forgets: the next sign-in brings the same again.
public final class RehashQueue: Sendable {
    struct Job: Sendable {
        let candidate: SignInCandidate
        let password: Password
        let address: String?
    }

    private let jobs: AsyncStream<Job>
    private let feed: AsyncStream<Job>.Continuation
    private let rehash: RehashPassword
    private let needsRehash: NeedsRehash

    public init(rehash: RehashPassword, needsRehash: NeedsRehash) {
        (jobs, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
        self.rehash = rehash
        self.needsRehash = needsRehash
    }

    /// Costs nothing where the hash is as strong as the directory asks.
    func add(_ candidate: SignInCandidate, password: Password, address: String?) {
        guard let hash = candidate.hash, needsRehash(hash) else { return }
        feed.yield(Job(candidate: candidate, password: password, address: address))
    }

    /// Works until the task is cancelled, one after another. A failure is told to `onFailure` and leaves the old hash,
    /// which still works.
    public func run(onFailure: @Sendable (any Error) -> Void) async {
        for await job in jobs {
            do {
                let verified = StoredColumns([
                    OwnColumn.passwordHash: job.candidate.hash.map { .text($0) } ?? .null,
                    OwnColumn.passwordMark: job.candidate.mark.map { .bytes($0) } ?? .null,
                ])
                try await rehash(
                    job.candidate.account, password: job.password, verified: verified, address: job.address)
            } catch {
                onFailure(error)
            }
        }
    }
}
