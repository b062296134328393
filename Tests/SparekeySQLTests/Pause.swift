import Dispatch

/// A place in a transaction's body where it stands still until the test lets it go on.
final class Pause: Sendable {
    private let arrivals = AsyncStream<Void>.makeStream()
    private let release = DispatchSemaphore(value: 0)

    /// Blocks the connection's thread, as a body may.
    func here() {
        arrivals.continuation.yield()
        release.wait()
    }

    func reached() async {
        for await _ in arrivals.stream { return }
    }

    func goOn() {
        release.signal()
    }
}
