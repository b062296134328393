import Glibc
import Sparekey
import SparekeyApps
import SparekeySQL

/// A copy of a program's SQLite database to try something out in: mode 0600, in the data folder, or without one in a folder
/// of its own that only this user may enter. Discard it, whatever happens.
struct ScratchCopy {
    private let file: BackupFile
    private let folder: String?

    /// Larger files are not copied for it.
    private static var mostBytes: Int64 { 1 << 30 }

    /// Copies the database as it is at one moment.
    ///
    /// - Throws: ``RehearseReset/Left`` where it is too large, ``SQLError``, ``InstanceError``.
    init(of database: SQLiteDatabase, in data: DataFolder) async throws {
        let size = try await database.transaction(.read) { connection in
            try connection.query(
                "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"
            ).first?.integer("bytes") ?? 0
        }
        guard size <= Self.mostBytes else { throw RehearseReset.Left(reason: "the database is larger than 1 GiB") }
        folder = data.exists ? nil : try Self.temporaryFolder()
        do {
            let path = folder.map { "\($0)/rehearsal.db" } ?? data.file("rehearsal.db")
            file = try BackupFile(path: path, random: SystemRandomSource())
        } catch {
            if let folder { rmdir(folder) }
            throw error
        }
        do {
            try await database.copy(to: file.draft) { _, _ in }
        } catch {
            discard()
            throw error
        }
    }

    /// Opens it to change it, and closes it again.
    func with<Value: Sendable>(_ body: (any SQLDatabase) async throws -> Value) async throws -> Value {
        let database = try await SQLiteDatabase.program(path: file.draft)
        do {
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    /// Leaves nothing behind.
    func discard() {
        file.discard()
        if let folder { rmdir(folder) }
    }

    /// By mkdtemp(3).
    private static func temporaryFolder() throws -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/sparekey-rehearsal.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            let why = String(cString: strerror(errno))
            throw RehearseReset.Left(reason: "no private folder can be made in \(base): \(why)")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
