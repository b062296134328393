import Sparekey
import SparekeySQL
import SparekeyTesting
import Testing

@testable import SparekeyStore

@Suite("Searching the audit trail")
struct AuditSearchTests {
    private static func search(_ fixture: StoreFixture) -> SearchAuditTrail {
        SearchAuditTrail(index: fixture.store, register: fixture.store)
    }

    /// Two accounts, one row each second, alternately refused and done.
    private static func act(_ fixture: StoreFixture, _ accounts: [Account], rows: Int) async throws {
        for number in 0..<rows {
            fixture.clock.advance(by: .seconds(1))
            let account = accounts[number % accounts.count]
            let event = AuditEvent(
                number.isMultiple(of: 2) ? .accountEnabled : .signInRefused,
                actor: .administrator(accounts[0], address: "192.0.2.1"), at: fixture.clock.now, account: account,
                reason: "says \"action\":\"password.reset\" and \"by\":\"nobody\"",
                outcome: number.isMultiple(of: 2) ? .done : .refused)
            try await fixture.store.database.transaction(.write) { try fixture.store.appendAudit(event, $0) }
        }
    }

    @Test("by person, action, outcome and time, a page at a time", arguments: TestDatabase.Kind.all)
    func filters(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let accounts = [try await fixture.add("ada"), try await fixture.add("eve"), try await fixture.add("kim")]
            let begun = fixture.clock.now
            try await Self.act(fixture, accounts, rows: 30)
            let filters: [(AuditFilter, Int)] = [
                (AuditFilter(), 33), (AuditFilter(person: "EVE"), 11), (AuditFilter(person: "ada"), 31),
                (AuditFilter(person: "op"), 3), (AuditFilter(person: "nobody"), 0),
                (AuditFilter(action: .signInRefused), 15), (AuditFilter(action: .passwordReset), 0),
                (AuditFilter(outcome: .refused), 15), (AuditFilter(outcome: .done), 18),
                (AuditFilter(person: "eve", action: .signInRefused), 5),
                (AuditFilter(since: begun + .seconds(11), until: begun + .seconds(21)), 10),
                (AuditFilter(since: begun + .seconds(31)), 0), (AuditFilter(until: begun), 0),
                (AuditFilter(action: .accountEnabled, since: begun + .seconds(29)), 1),
            ]
            for (filter, count) in filters {
                let found = try await Self.numbers(fixture, filter)
                #expect(found.count == count, "\(filter)")
                #expect(found == found.sorted(by: >) && Set(found).count == found.count, "\(filter)")
                var exported: [String] = []
                let export = ExportAuditTrail(index: fixture.store, register: fixture.store)
                #expect(try await export(filter) { exported += $0 } == Int64(count))
                let first = found.last.map { "{\"sequence\":\($0)," }
                #expect(exported.count == count && exported.first?.hasPrefix(first ?? "{") ?? true, "\(filter)")
            }
        }
    }

    private static func numbers(_ fixture: StoreFixture, _ filter: AuditFilter) async throws -> [Int64] {
        var found: [Int64] = []
        var before: Int64?
        repeat {
            let page = try await search(fixture)(filter, before: before, limit: 4)
            found += page.rows.compactMap(\.sequence)
            before = page.next
        } while before != nil
        return found
    }

    @Test("every lane and the chart are answered by an index", arguments: TestDatabase.Kind.all)
    func plans(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let lanes: [(AuditLane, String)] = [
                (.about("x"), "audit_account"), (.actor("x"), "audit_actor"), (.action(.setUp), "audit_action"),
                (.outcome(.refused), "audit_outcome"),
            ]
            try await fixture.store.database.transaction(.write) { connection in
                let isSQLite = connection.dialect == .sqlite
                let explain: SQLStatement = isSQLite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
                // A table of a few rows is read whole, whatever there is.
                if !isSQLite { try connection.execute("SET LOCAL enable_seqscan = off") }
                for (lane, index) in lanes {
                    let plan = try connection.query(
                        """
                        \(part: explain)SELECT sequence, row, mac FROM audit
                        WHERE \(part: SparekeyStore.condition(lane, ColumnTypes(connection.dialect))) AND sequence < \(9)
                        ORDER BY sequence DESC LIMIT \(50)
                        """)
                    let text = "\(plan)"
                    #expect(text.contains(index), "\(lane): \(text)")
                    #expect(!text.contains("TEMP B-TREE") && !text.contains("Sort"), "\(lane): \(text)")
                }
            }
        }
    }

    @Test("a search that finds little stops, and says where it goes on", arguments: TestDatabase.Kind.all)
    func bounded(_ kind: TestDatabase.Kind) async throws {
        try await StoreFixture.with(kind) { fixture in
            let account = try await fixture.add("ada")
            let count = SearchAuditTrail.lookedAt + 1200
            try await fixture.store.database.transaction(.write) { connection in
                let event = AuditEvent(.accountEnabled, actor: .server, at: fixture.clock.now, account: account)
                for _ in 0..<count { try fixture.store.appendAudit(event, connection) }
            }
            let filter = AuditFilter(person: "op")
            let first = try await Self.search(fixture)(filter, before: nil, limit: 10)
            #expect(first.rows.isEmpty && first.isUnfinished)
            let second = try await Self.search(fixture)(filter, before: first.next, limit: 10)
            #expect(second.rows.count == 1 && !second.isUnfinished && second.next == nil)
        }
    }

    @Test("the rows shown and the end are held against their MACs", arguments: TestDatabase.Kind.all)
    func checked(_ kind: TestDatabase.Kind) async throws {
        try await AuditFixture.with(kind) { trail in
            let check = trail.store.checkAuditRows
            let rows = try await trail.store.rows(after: 2, limit: 3).rows
            #expect(try await check(rows) == .sound)
            try await trail.tamper(["UPDATE audit SET row = 'x' WHERE sequence = 4"])
            #expect(try await check(try await trail.store.rows(after: 2, limit: 3).rows) == .bad(4))
            #expect(try await check([]) == .sound)
            try await trail.tamper(["DELETE FROM audit WHERE sequence = 8"])
            #expect(try await check([]) == .cut)
            try await trail.tamper(["UPDATE counter SET value = 7 WHERE name = 'audit'"])
            #expect(try await check([]) == .headUnknown)
        }
    }
}
