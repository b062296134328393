import Glibc
import SparekeySQL

/// Tells when a connection's thread has ended: the system runs a thread's destructors last.
final class ThreadEnd: Sendable {
    private let ends = AsyncStream<Void>.makeStream()

    /// Makes a thread, hands it to `use` and lets go of it.
    init(_ use: (ConnectionThread) async -> Void) async throws {
        let thread = try ConnectionThread()
        try await thread.run { self.watch() }
        await use(thread)
    }

    func reached() async {
        for await _ in ends.stream { return }
    }

    private func watch() {
        var key = pthread_key_t()
        pthread_key_create(&key) { value in
            guard let value else { return }
            Unmanaged<ThreadEnd>.fromOpaque(value).takeRetainedValue().ends.continuation.yield()
        }
        pthread_setspecific(key, Unmanaged.passRetained(self).toOpaque())
    }
}
