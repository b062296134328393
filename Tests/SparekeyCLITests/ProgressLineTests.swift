import Synchronization
import Testing

@testable import SparekeyCLI

@Suite("Progress of work that takes long")
struct ProgressLineTests {
    /// What was written, and beats that come when the test says so.
    private final class Bench: Sendable {
        private let written = Mutex("")
        private let beats = AsyncStream.makeStream(of: Void.self)
        private let shown = AsyncStream.makeStream(of: Void.self)

        var text: String { written.withLock { $0 } }

        func write(_ text: String) { written.withLock { $0 += text } }

        func wait() async throws {
            shown.continuation.yield()
            for await _ in beats.stream { return }
            throw CancellationError()
        }

        /// Lets one beat pass, and waits until it was shown.
        func beat() async {
            if !hasBegun.withLock({ $0 }) { await next() }
            beats.continuation.yield()
            await next()
        }

        private let hasBegun = Mutex(false)

        private func next() async {
            hasBegun.withLock { $0 = true }
            for await _ in shown.stream { return }
        }
    }

    private func run(isTerminal: Bool, _ body: (ProgressLine, Bench) async throws -> Void) async -> String {
        let bench = Bench()
        let line = ProgressLine("Copying", isTerminal: isTerminal) { bench.write($0) }
        let wait: ProgressLine.Beat = { try await bench.wait() }
        try? await line.during(beat: wait) { try await body(line, bench) }
        return bench.text
    }

    @Test("work that is done before the first beat says nothing", arguments: [true, false])
    func short(_ isTerminal: Bool) async {
        #expect(await run(isTerminal: isTerminal) { line, _ in line.note("99 %") } == "")
    }

    @Test("without a terminal: plain lines, after 1, 2, 4, 8 seconds")
    func plain() async {
        let text = await run(isTerminal: false) { line, bench in
            await bench.beat()
            line.note("10 %")
            for _ in 2...9 { await bench.beat() }
        }
        #expect(text == "Copying: 1 s\nCopying: 10 %\nCopying: 10 %\nCopying: 10 %\n")
    }

    @Test("on a terminal: one line, written over, and gone at the end, also when the work fails")
    func terminal() async {
        let text = await run(isTerminal: true) { line, bench in
            line.note("100 of 200")
            await bench.beat()
            line.note("9")
            await bench.beat()
            throw Declined()
        }
        #expect(text == "\rCopying: 100 of 200\rCopying: 9         \r                   \r")
    }

    @Test("a note cannot steer the terminal, nor fill more than a line")
    func safe() async {
        let text = await run(isTerminal: true) { line, bench in
            line.note("\u{1B}[2J" + String(repeating: "x", count: 200))
            await bench.beat()
        }
        #expect(!text.contains("\u{1B}"))
        #expect(text.split(separator: "\r").allSatisfy { $0.count == 79 })
    }
}
