import Sparekey
import Synchronization

/// Looks at the attached programs' databases for a server, one look each at a time, on behalf of whoever opens the page.
///
/// A database on a file system that hangs, or behind a network that swallows everything, holds up nobody: callers wait as long
/// as they said, and a look that hangs is not joined by another.
final class ProgramWatch: AttachedPrograms, Sendable {
    /// How long what was seen counts.
    private static let freshness = Duration.seconds(20)

    private struct Look {
        var standing = ProgramStanding(.unknown)
        /// Nil while nobody looks.
        var begunAt: ContinuousClock.Instant?
    }

    private let list: @Sendable () -> [AttachedProgram]
    private let look: @Sendable (String) async -> ProgramStanding
    private let clock: any WallClock
    private let limit: Duration
    private let looks: Mutex<[String: Look]>

    /// - Parameters:
    ///   - limit: after how long a look that goes on is said to have no answer.
    ///   - list: which programs are attached now.
    ///   - look: at the program of that name; it may hang.
    init(
        clock: any WallClock, limit: Duration = .seconds(10), list: @escaping @Sendable () -> [AttachedProgram],
        look: @escaping @Sendable (String) async -> ProgramStanding
    ) {
        self.limit = limit
        self.list = list
        self.clock = clock
        self.look = look
        looks = Mutex([:])
    }

    var programs: [AttachedProgram] { list() }

    func standings(within patience: Duration) async -> [String: ProgramStanding] {
        let deadline = ContinuousClock.now + patience
        for name in begin() {
            // A child of nobody: whoever waits for his children, the server that ends among them, would wait for what hangs.
            Task { [self] in
                let standing = await look(name)
                looks.withLock { if $0[name] != nil { $0[name] = Look(standing: standing) } }
            }
        }
        while isUnderWay, ContinuousClock.now < deadline {
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        return looks.withLock { $0.mapValues(standing) }
    }

    /// Those that nobody looks at now and whose last look is old, taken.
    private func begin() -> [String] {
        let names = Set(programs.map(\.name))
        return looks.withLock { looks in
            // Read under the lock: a look that ended meanwhile would seem to come from the future, and be asked for again.
            let now = clock.now
            // One that was attached anew under a name is looked at anew.
            looks = looks.filter { names.contains($0.key) }
            for name in names where looks[name] == nil { looks[name] = Look() }
            let old = looks.filter { _, look in
                look.begunAt == nil && look.standing.at.map { now > $0 + Self.freshness || now < $0 } != false
            }
            for name in old.keys { looks[name]?.begunAt = .now }
            return old.keys.sorted()
        }
    }

    private var isUnderWay: Bool { looks.withLock { $0.values.contains { $0.begunAt != nil } } }

    /// What was seen last, unless the present look has gone on for too long.
    private func standing(_ look: Look) -> ProgramStanding {
        guard let begun = look.begunAt, ContinuousClock.now > begun + limit else { return look.standing }
        return ProgramStanding(
            .unreachable, detail: "it has given no answer for \(limit.components.seconds) seconds", at: look.standing.at
        )
    }
}
