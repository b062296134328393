import Glibc
import SparekeySQL
import Synchronization
import Testing

@Suite("A connection's thread")
struct ConnectionThreadTests {
    @Test("runs everything on one thread, in the order it came")
    func oneThread() async throws {
        let thread = try ConnectionThread()
        let seen = Mutex<[Int]>([])
        var threads: Set<UInt> = []
        for number in 0..<50 {
            threads.insert(
                try await thread.run {
                    seen.withLock { $0.append(number) }
                    return UInt(pthread_self())
                })
        }
        #expect(threads.count == 1)
        #expect(seen.withLock { $0 } == Array(0..<50))
        await thread.finish {}
    }

    @Test("finishes what was handed in, runs the last closure and then refuses work")
    func finish() async throws {
        let thread = try ConnectionThread()
        let order = Mutex<[String]>([])
        let pause = Pause()
        async let held: Void = thread.run {
            pause.here()
            order.withLock { $0.append("work") }
        }
        await pause.reached()
        pause.goOn()
        await thread.finish { order.withLock { $0.append("last") } }
        try await held
        #expect(order.withLock { $0 } == ["work", "last"])
        await #expect(throws: SQLError(.unavailable, reason: "")) { try await thread.run {} }
    }

    @Test("ends after the last closure, and when nobody holds it any more", .timeLimit(.minutes(1)))
    func ends() async throws {
        let finished = try await ThreadEnd { await $0.finish {} }
        await finished.reached()
        let letGo = try await ThreadEnd { _ in }
        await letGo.reached()
    }

    @Test("gives waiting work back when its task is cancelled")
    func cancel() async throws {
        let thread = try ConnectionThread()
        let pause = Pause()
        async let held: Void = thread.run { pause.here() }
        await pause.reached()
        let hasRun = Mutex(false)
        let waiting = Task { try await thread.run { hasRun.withLock { $0 = true } } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        pause.goOn()
        try await held
        await thread.finish {}
        #expect(!hasRun.withLock { $0 })
    }
}
