import Glibc
import Sparekey
import SparekeySQL
import SparekeyStore

/// The checks of the own database, from whether it can be reached to what is in it.
struct ExamineDatabase {
    let database: OwnDatabase
    /// The key file's, and one that waits for a rotation or a restore to be finished.
    let keys: [InstanceKey]
    let now: Timestamp
    /// Told now and then how many accounts were looked at.
    let progress: @Sendable (Int) -> Void

    /// - Throws: what keeps the database from being read.
    func callAsFunction() async throws -> [HealthCheck] {
        guard case .sqlite(let path) = database.location else { return try await read() }
        let place = await checkPlace(path)
        return try await place + settled(path)
    }

    /// A file that nobody has open is read without any lock. When somebody came meanwhile, it is read once more.
    private func settled(_ path: String) async throws -> [HealthCheck] {
        let before = FileState(path)
        let checks = await HealthCheck.looking("database", read)
        if before.isAtRest, FileState(path) != before { return try await read() }
        return checks
    }

    private func checkPlace(_ path: String) async -> [HealthCheck] {
        guard FileState(path).exists else { return [] }
        return [await writable(path), FreeSpace(besideFile: path).check]
    }

    private func writable(_ path: String) async -> HealthCheck {
        do {
            try OwnDatabase.requireWritable(path)
        } catch {
            return .wrong("writable", error)
        }
        // A writer among others is gone in a moment; one that stays would stop a reset too.
        for _ in 0..<40 {
            guard SQLiteDatabase.isBeingWritten(path: path) else { return .ok("writable", "\(path) can be written") }
            usleep(50_000)
        }
        return HealthCheck(
            "writable", .wrong, "\(path): another program holds the database locked",
            remedy: "end the program that holds it: fuser \(path) names it")
    }

    private func read() async throws -> [HealthCheck] {
        let opened = try await database.openToRead()
        let health = StoreHealth(opened)
        let checks = await HealthCheck.looking("database") { try await examine(health, place: opened.place) }
        await opened.close()
        return checks
    }

    /// A PostgreSQL database is backed up by its own tools, which leave no record here.
    private func backup(_ health: StoreHealth) async throws -> HealthCheck {
        guard case .sqlite = database.location else { return .ok("backup", "is up to the database's own tools") }
        return try await CheckBackup(register: health)()
    }

    private func examine(_ health: StoreHealth, place: String) async throws -> [HealthCheck] {
        if let refusal = refusal(try await health.condition(), place) { return [refusal] }
        let key = try await key(of: health)
        var checks = [try await ownership(health, place, key)]
        if try await !health.acceptsWrites() {
            checks.append(
                HealthCheck(
                    "writable", .wrong, "\(place) can be read and not written",
                    remedy: "name the primary server, and a user that may write the tables"))
        }
        let isOurs = checks[0].level != .wrong
        let survey = SurveyPasswords(register: health, key: isOurs ? key : nil, now: now)
        checks += await HealthCheck.looking("administrators") { [try await CheckAdministrators(register: health)()] }
        checks += await HealthCheck.looking("passwords") { try await survey(progress: progress) }
        checks += await HealthCheck.looking("journal") { try await CheckJournal(register: health, now: now)() }
        checks += await HealthCheck.looking("backup") { [try await backup(health)] }
        return checks
    }

    private func refusal(_ condition: StoreHealth.Condition, _ place: String) -> HealthCheck? {
        switch condition {
        case .current: nil
        case .empty: .wrong("database", InstanceError.empty(place))
        case .foreign: .wrong("database", OwnDatabase.foreign(place))
        case .unserved(let error): .wrong("database", InstanceError.translated(error))
        case .newer:
            HealthCheck("database", .wrong, "a newer Sparekey made \(place)", remedy: "use that version")
        case .older:
            HealthCheck(
                "database", .warning, "an older Sparekey made \(place), which was therefore not looked into",
                remedy: "any other command brings it up to date, as in: sparekey users list")
        }
    }

    /// The one that the database belongs to, where one is.
    private func key(of health: StoreHealth) async throws -> InstanceKey? {
        for key in keys where try await health.belongs(to: key) { return key }
        return keys.first
    }

    private func ownership(_ health: StoreHealth, _ place: String, _ key: InstanceKey?) async throws -> HealthCheck {
        guard let key else { return .ok("database", "\(place) is Sparekey's; whose key it has cannot be said") }
        guard try await health.belongs(to: key) else {
            return HealthCheck(
                "database", .wrong, "\(place) belongs to another instance key",
                remedy: "put back the key file that belongs to it, or name it with key_file")
        }
        return .ok("database", "\(place) is Sparekey's, up to date, and belongs to the key")
    }
}

/// A database file as it was at one moment.
private struct FileState: Equatable {
    let exists: Bool
    let isAtRest: Bool
    private let changed: [Int]

    init(_ path: String) {
        var status = stat()
        exists = stat(path, &status) == 0
        isAtRest = SQLiteDatabase.isAtRest(path: path)
        changed = [Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
}

/// The space left where the database is.
private struct FreeSpace {
    private let bytes: UInt64?

    init(besideFile path: String) {
        var status = statvfs()
        bytes = statvfs(path, &status) == 0 ? UInt64(status.f_bavail) * UInt64(status.f_frsize) : nil
    }

    var check: HealthCheck {
        let name = "free space"
        guard let bytes else { return .ok(name, "this file system does not say") }
        let text = "\(bytes >> 20) MiB are left for the database"
        // A reset writes a few pages into the write-ahead log.
        if bytes < 1 << 20 {
            return HealthCheck(name, .wrong, "less than 1 MiB is left for the database", remedy: "make space")
        }
        if bytes < 64 << 20 { return HealthCheck(name, .warning, text, remedy: "make space soon") }
        return .ok(name, text)
    }
}
