import Foundation
import SparekeySQL
import SparekeyTesting
import Testing

@Suite("An advisory lock has one holder")
struct LockTests {
    @Test(
        "a held lock is refused to others and to its own handle, until it is released",
        arguments: TestDatabase.Kind.drivers
    )
    func exclusive(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let (one, other) = (try await test.open(), try await test.open())
            let number = Int64.random(in: 1...Int64.max)
            let held = try #require(try await one.lock(number))
            #expect(try await other.lock(number) == nil)
            #expect(try await one.lock(number) == nil)
            await held.release()
            let again = try #require(try await other.lock(number))
            await held.release()
            #expect(try await one.lock(number) == nil)
            await again.release()
            for handle in [one, other] { await handle.close() }
        }
    }

    @Test("locks of two numbers do not meet", arguments: TestDatabase.Kind.drivers)
    func twoNumbers(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open()
            let number = Int64.random(in: 1..<Int64.max)
            let first = try #require(try await database.lock(number))
            let second = try #require(try await database.lock(number + 1))
            await first.release()
            await second.release()
            await database.close()
        }
    }

    @Test("a lock held through other transactions survives them", arguments: TestDatabase.Kind.drivers)
    func survives(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let (one, other) = (try await test.open(), try await test.open())
            let held = try #require(try await one.lock(7_000_001))
            try await one.write("CREATE TABLE a (id BIGINT)")
            try await other.write("INSERT INTO a (id) VALUES (1)")
            await other.close()
            #expect(try await one.lock(7_000_001) == nil)
            await held.release()
            await one.close()
        }
    }

    @Test("a lock that is let go of without a release is free")
    func dropped() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            do {
                let held = try await database.lock(5)
                #expect(held != nil)
            }
            let again = try await database.lock(5)
            #expect(again != nil)
            await database.close()
        }
    }

    @Test("the lock of a process that is killed is free")
    func killed() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            let mine = try #require(try await database.lock(5))
            await mine.release()
            let holder = try Holder(lockFile: test.path + "-lock", offset: 5)
            #expect(try await database.lock(5) == nil)
            holder.kill()
            let again = try await database.lock(5)
            #expect(again != nil)
            await database.close()
        }
    }

    @Test("the lock file is its owner's alone and never a symbolic link")
    func lockFile() async throws {
        try await TestDatabase.with(.sqlite) { test in
            let database = try await test.open()
            let held = try #require(try await database.lock(1))
            await held.release()
            let file = test.path + "-lock"
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: test.path)
            let error = await sqlError { _ = try await database.lock(1) }
            #expect(error?.code == .unavailable)
            await database.close()
        }
    }

    @Test("a lock goes with the session that holds it", .enabled(if: !TestDatabase.isWithoutPostgreSQL))
    func sessionEnds() async throws {
        try await TestDatabase.with(.postgreSQL) { test in
            let database = try await test.open()
            let number = Int64.random(in: 1...Int64.max)
            let held = try #require(try await database.lock(number))
            let key = number ^ 0x5370_6172_656B_6579
            let ended = try await TestDatabase.administer(
                """
                SELECT pg_terminate_backend(pid, 5000) AS ended FROM pg_locks
                WHERE locktype = 'advisory' AND (classid::bigint << 32) | objid::bigint = \(key)
                """)
            #expect(try ended.map { try $0.bool("ended") } == [true])
            let again = try #require(try await database.lock(number))
            await held.release()
            #expect(try await database.lock(number) == nil)
            await again.release()
            await database.close()
        }
    }
}

/// Another process that holds an open-file-description lock, in the perl every Debian has.
private struct Holder {
    private let process = Process()

    init(lockFile: String, offset: Int) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/perl")
        let take = """
            open my $f, '+<', $ARGV[0] or die; my $l = pack('ssx4qqlx4', 1, 0, $ARGV[1], 1, 0);
            fcntl($f, 37, $l) or die; syswrite STDOUT, 'held'; sleep 600;
            """
        process.arguments = ["-e", take, lockFile, String(offset)]
        process.standardOutput = output
        try process.run()
        #expect(try output.fileHandleForReading.read(upToCount: 4) == Data("held".utf8))
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
