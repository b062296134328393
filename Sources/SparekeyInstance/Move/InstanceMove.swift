public import Sparekey
import SparekeySQL
import SparekeyStore

/// What a move did.
public struct MoveReport: Sendable {
    /// The file that the accounts were in; it stays as it is, and opens for nobody.
    public let from: String
    /// Where they are, without a password.
    public let to: String
    /// What was copied, table by table; empty where an earlier move had copied everything.
    public let rows: [(table: String, count: Int)]
    /// The settings file that names the new database by now; nil where ``toSet`` is to be done.
    public let settingsFile: String?
    /// What is to be set, and where; nil where nothing is left to do.
    public let toSet: String?
    /// What the operator should know about how the instance was named.
    public let warnings: [String]
}

/// What came of taking the old database up again.
public struct MoveBackReport: Sendable {
    public let place: String
    /// Where the accounts had been moved to.
    public let left: String
    public let voided: VoidedByRestore
    public let settingsFile: String?
    public let toSet: String?
}

/// Moves an instance from its file to an empty PostgreSQL database (OPS-1), and takes the file up again.
///
/// Nobody else has the file open while it lasts, no server and no command. Whenever it is cut off before the file gets its
/// mark, the file is in force as before and the other database opens for nobody; afterwards running it again finishes it.
public struct InstanceMove: Sendable {
    let named: NamedInstance
    let options: InstanceOptions
    let clock: any WallClock
    let random: any RandomSource

    public init(
        _ options: InstanceOptions, clock: any WallClock = SystemWallClock(),
        random: any RandomSource = SystemRandomSource()
    ) throws {
        self.options = options
        self.clock = clock
        self.random = random
        do { named = try NamedInstance(options) } catch { throw InstanceError.translated(error) }
    }

    /// - Parameter progress: told how many of all rows were copied or read back.
    /// - Throws: ``InstanceError``. What is in force is what was, unless its hint says otherwise.
    public func callAsFunction(
        to address: String, actor: Actor, reason: String?,
        progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void
    ) async throws -> MoveReport {
        do {
            guard case .sqlite(let path) = named.location else { throw Self.onServer(named.location) }
            let location = try DatabaseLocation(address, source: .commandLine)
            guard case .postgreSQL = location else { throw Self.noServer }
            return try await held(path) { database in
                let key = try await Instance.key(named, for: database, mayCreate: false, random: random)
                let target = try await OwnDatabase(
                    location: location, passwordFile: named.settings.databasePasswordFile, mayCreate: true
                ).open()
                return try await closing(target) {
                    let rows = try await move(
                        Ends(database: database, target: target, key: key), actor: actor, reason: reason, progress)
                    let outcome = try DatabaseSetting(named: named).say(address, random: random)
                    return report(rows, database, target, outcome, warnings: Self.warnings(location))
                }
            }
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// Takes the file up again as it was when the accounts left it.
    public func back(actor: Actor, reason: String?) async throws -> MoveBackReport {
        do {
            var path = named.folder.file("sparekey.db")
            if case .sqlite(let chosen) = named.location { path = chosen }
            return try await held(path) { database in
                guard let mark = try await MoveMark.left(database) else {
                    throw InstanceError(
                        .wrongDatabase, reason: "nothing was moved out of \(path)",
                        hint: "--database PATH names the file that the accounts were moved from; nothing was changed")
                }
                let key = try await Instance.key(named, for: database, mayCreate: false, random: random)
                let heads = try AuditHeadFile(path: named.folder.file("audit.head"))
                let store = try await SparekeyStore.open(
                    database, key: key, mayCreate: false, random: random, heads: heads, whereverAccountsAre: true)
                let epochs = try AuditEpochs(key, try await store.footing().epochs)
                let audit = AuditEvent(
                    .restored, actor: actor, at: clock.now, account: nil, proof: Proof.operatorShell.kind,
                    reason: reason, cites: (try? await heads.kept(epochs)).map { [$0.head] } ?? [])
                let voided = try await store.comeBack(audit)
                await store.keepHead()
                let outcome = try sayBack(path)
                return MoveBackReport(
                    place: path, left: mark.place, voided: voided, settingsFile: outcome?.parts.file,
                    toSet: outcome?.parts.toSet)
            }
        } catch {
            throw InstanceError.translated(error)
        }
    }
}

// MARK: - Steps

extension InstanceMove {
    private struct Ends: Sendable {
        let database: SQLiteDatabase
        let target: any SQLDatabase
        let key: InstanceKey
    }

    /// Everything that must not happen beside it is kept away: servers by the lock of the folder, commands by the file's.
    private func held<Value: Sendable>(
        _ path: String, _ body: (SQLiteDatabase) async throws -> Value
    ) async throws -> Value {
        try named.folder.open(mayCreate: false).become()
        let server = try ServerLock(path: named.folder.file("server.lock"))
        defer { server.release() }
        try OwnDatabase.requireWritable(path)
        let present = try await PresentDatabase(path: path)
        switch present.state {
        case .missing: throw InstanceError.empty(path)
        case .unreadable(let reason): throw SQLError(.notADatabase, reason: "\(path): \(reason)")
        case .held(let database):
            return try await closing(database) { try await body(database) }
        }
    }

    /// Nothing is to be said where the settings name the file as it is.
    private func sayBack(_ path: String) throws -> DatabaseSetting.Outcome? {
        if named.location == .sqlite(path: path), named.settings.source(of: "database") != .commandLine { return nil }
        return try DatabaseSetting(named: named).say(absolutePath(path), random: random)
    }

    private func closing<Value: Sendable>(
        _ database: any SQLDatabase, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await body()
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    /// - Returns: what was copied; nothing where an earlier move had done that.
    private func move(
        _ ends: Ends, actor: Actor, reason: String?, _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> [MovedRows] {
        guard let lock = try await ends.target.lock(MoveTarget.lockNumber) else {
            throw InstanceError(
                .busy, reason: "another move to \(ends.target.place) is under way",
                hint: "nothing was changed; try again when it has ended")
        }
        let target = MoveTarget(ends.target, key: ends.key)
        var rows: [MovedRows] = []
        do {
            let mark: MoveMark
            if let left = try await MoveMark.left(ends.database) {
                try refuseOther(left, try await target.state(), ends.target.place)
                mark = left
            } else {
                try refuseUsed(try await target.state(), ends.target.place)
                mark = MoveMark(id: random.uuid(), place: ends.target.place)
                rows = try await copy(ends, to: target, mark, progress)
            }
            let from = "from \(absolutePath(ends.database.place))"
            let audit = AuditEvent(
                .moved, actor: actor, at: clock.now, account: nil, proof: Proof.operatorShell.kind,
                reason: reason.map { "\($0) (\(from))" } ?? from)
            try await target.finish(
                mark, audit: audit, random: random, heads: try AuditHeadFile(path: named.folder.file("audit.head")))
        } catch {
            await lock.release()
            throw error
        }
        await lock.release()
        return rows
    }

    private func copy(
        _ ends: Ends, to target: MoveTarget, _ mark: MoveMark,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> [MovedRows] {
        let store = try await SparekeyStore.open(
            ends.database, key: ends.key, mayCreate: false, random: random,
            heads: try AuditHeadFile(path: named.folder.file("audit.head")))
        try await store.settle(now: clock.now)
        try await target.prepare(mark.id)
        let rows = try await store.copyAll(to: target, progress: progress)
        try await store.leave(mark)
        return rows
    }

    private func report(
        _ rows: [MovedRows], _ database: SQLiteDatabase, _ target: any SQLDatabase, _ outcome: DatabaseSetting.Outcome,
        warnings: [String]
    ) -> MoveReport {
        let (file, toSet) = outcome.parts
        return MoveReport(
            from: database.place, to: target.place, rows: rows.map { ($0.table, $0.rows) }, settingsFile: file,
            toSet: toSet,
            warnings: named.warnings + warnings)
    }
}

extension DatabaseSetting.Outcome {
    fileprivate var parts: (file: String?, toSet: String?) {
        switch self {
        case .written(let path): (path, nil)
        case .byHand(let text): (nil, text)
        }
    }
}

// MARK: - Refusals

extension InstanceMove {
    private func refuseUsed(_ state: MoveTarget.State, _ place: String) throws {
        guard case .inUse = state else { return }
        throw InstanceError(
            .wrongDatabase, reason: "\(place) holds an instance already",
            hint: "nothing was changed; name an empty database")
    }

    /// A move that was cut off late is finished where it was begun, and nowhere else.
    private func refuseOther(_ left: MoveMark, _ state: MoveTarget.State, _ place: String) throws {
        switch state {
        case .unfinished(left.id), .inUse(.some(left.id)): return
        case .empty, .unfinished, .inUse:
            throw InstanceError(
                .badSettings, reason: "the accounts of this database were moved to \(left.place), not to \(place)",
                hint: "sparekey move --to that address finishes it; sparekey move --back takes this database up again")
        }
    }

    private static func onServer(_ location: DatabaseLocation) -> InstanceError {
        InstanceError(
            .badSettings, reason: "the accounts are in a PostgreSQL database already",
            hint: "nothing was changed; --database PATH names a file to move")
    }

    private static let noServer = InstanceError(
        .badSettings, reason: "--to names no PostgreSQL database",
        hint: "an address looks like postgres://USER@HOST/NAME; nothing was changed")

    private static func warnings(_ location: DatabaseLocation) -> [String] {
        guard location.holdsPassword else { return [] }
        return [
            "the password in --to can be seen by everybody on this machine; use .pgpass or database_password_file"
        ]
    }
}
