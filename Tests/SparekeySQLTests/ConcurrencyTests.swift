import SparekeySQL
import SparekeyTesting
import Testing

@Suite("Many at once")
struct ConcurrencyTests {
    @Test("two handles and many tasks lose no increment", arguments: TestDatabase.Kind.drivers)
    func increments(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let handles = [try await test.open(timeout: .seconds(60)), try await test.open(timeout: .seconds(60))]
            try await handles[0].write("CREATE TABLE c (n BIGINT)")
            try await handles[0].write("INSERT INTO c (n) VALUES (0)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<64 {
                    group.addTask {
                        for _ in 0..<5 { try await handles[task % 2].write("UPDATE c SET n = n + 1") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await handles[1].integer("SELECT n FROM c") == 320)
            for handle in handles { await handle.close() }
        }
    }

    @Test("of many who spend one token exactly one wins", arguments: TestDatabase.Kind.drivers)
    func oneWinner(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let handles = [try await test.open(timeout: .seconds(60)), try await test.open(timeout: .seconds(60))]
            try await handles[0].write("CREATE TABLE token (id BIGINT PRIMARY KEY, spent BIGINT)")
            try await handles[0].write("INSERT INTO token (id, spent) VALUES (1, 0)")
            let winners = try await withThrowingTaskGroup(of: Int.self) { group in
                for task in 0..<64 {
                    group.addTask {
                        try await handles[task % 2].write("UPDATE token SET spent = 1 WHERE id = 1 AND spent = 0")
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(winners == 1)
            for handle in handles { await handle.close() }
        }
    }

    @Test("answers go to the task that asked", arguments: TestDatabase.Kind.drivers)
    func ownAnswers(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open(timeout: .seconds(300), connections: 3)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask { try await database.integer("SELECT \(number) AS n") == Int64(number) }
                }
                for try await isOwn in group { #expect(isOwn) }
            }
            await database.close()
        }
    }

    @Test("who waits for a lock gets busy within the timeout", arguments: TestDatabase.Kind.drivers)
    func busy(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let holder = try await test.open(timeout: .seconds(60))
            let other = try await test.open(timeout: .milliseconds(200))
            try await holder.write("CREATE TABLE c (n BIGINT)")
            try await holder.write("INSERT INTO c (n) VALUES (0)")
            let pause = Pause()
            async let held: Void = holder.transaction(.write) { connection in
                try connection.execute("UPDATE c SET n = 1")
                pause.here()
            }
            await pause.reached()
            let start = ContinuousClock.now
            let error = await sqlError { try await other.write("UPDATE c SET n = 2") }
            #expect(error?.code == .busy)
            // Not the holder's minute; a busy machine makes much of 200 ms.
            #expect(ContinuousClock.now - start < .seconds(30))
            pause.goOn()
            try await held
            #expect(try await other.write("UPDATE c SET n = 3") == 1)
            for handle in [holder, other] { await handle.close() }
        }
    }

    @Test("a cancelled task that still waits does not run", arguments: TestDatabase.Kind.drivers)
    func cancelled(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open(connections: 1)
            try await database.write("CREATE TABLE c (n BIGINT)")
            let pause = Pause()
            async let held: Void = database.transaction(.read) { _ in pause.here() }
            await pause.reached()
            let waiting = Task { try await database.write("INSERT INTO c (n) VALUES (1)") }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            pause.goOn()
            try await held
            #expect(try await database.integer("SELECT count(*) FROM c") == 0)
            await database.close()
        }
    }

    @Test("a closed database says that it is closed", arguments: TestDatabase.Kind.drivers)
    func closed(_ kind: TestDatabase.Kind) async throws {
        try await TestDatabase.with(kind) { test in
            let database = try await test.open(timeout: .seconds(60))
            await database.close()
            await database.close()
            let error = await sqlError { _ = try await database.read("SELECT 1") }
            #expect(error?.code == .unavailable)
            #expect(error?.reason.contains("closed") == true)
        }
    }
}
