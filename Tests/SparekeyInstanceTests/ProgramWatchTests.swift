import Sparekey
import SparekeyTesting
import Synchronization
import Testing

@testable import SparekeyInstance

/// Looking at attached programs for a page: nobody waits longer than they said, and nothing that hangs is asked twice.
@Suite("Watching attached programs")
struct ProgramWatchTests {
    private static func program(_ name: String) -> AttachedProgram {
        AttachedProgram(name: name, profile: "p", title: nil, versions: nil, database: "/\(name).db", bindings: [])
    }

    @Test("One that hangs is unknown, holds up no other, and is not asked again while it hangs")
    func hanging() async {
        let asked = Mutex<[String]>([])
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let clock = SystemWallClock()
        let programs = [Self.program("slow"), Self.program("quick")]
        let watch = ProgramWatch(clock: clock, limit: .seconds(3600)) {
            programs
        } look: { name in
            asked.withLock { $0.append(name) }
            if name == "slow" { for await _ in gate { break } }
            return ProgramStanding(.fits, detail: name, at: clock.now)
        }
        var quick = ProgramStanding.State.unknown
        while quick == .unknown {
            let found = await watch.standings(within: .milliseconds(20))
            #expect(found["slow"]?.state == .unknown)
            quick = found["quick"]?.state ?? .unknown
        }
        open.finish()
        var slow = ProgramStanding.State.unknown
        while slow == .unknown { slow = await watch.standings(within: .seconds(5))["slow"]?.state ?? .unknown }
        #expect(slow == .fits)
        #expect(asked.withLock { $0.sorted() } == ["quick", "slow"])
    }

    @Test("What was seen a moment ago counts; later it is looked at again")
    func freshness() async {
        let asked = Mutex(0)
        let clock = FixedClock()
        let programs = [Self.program("a")]
        let watch = ProgramWatch(clock: clock) {
            programs
        } look: { _ in
            asked.withLock { $0 += 1 }
            return ProgramStanding(.misfit, at: clock.now)
        }
        for _ in 0..<3 { _ = await watch.standings(within: .seconds(60)) }
        #expect(asked.withLock(\.self) == 1)
        clock.advance(by: .seconds(21))
        #expect(await watch.standings(within: .seconds(60))["a"]?.state == .misfit)
        #expect(asked.withLock(\.self) == 2)
    }

    @Test("One that is attached later is looked at, and one that is removed is forgotten")
    func changing() async {
        let programs = Mutex([Self.program("a")])
        let clock = FixedClock()
        let watch = ProgramWatch(clock: clock) {
            programs.withLock(\.self)
        } look: { name in
            ProgramStanding(.fits, detail: name, at: clock.now)
        }
        #expect(await watch.standings(within: .seconds(60)).keys.sorted() == ["a"])
        programs.withLock { $0 = [Self.program("b")] }
        let found = await watch.standings(within: .seconds(60))
        #expect(found.keys.sorted() == ["b"] && found["b"]?.state == .fits)
        #expect(watch.programs.map(\.name) == ["b"])
    }
}
