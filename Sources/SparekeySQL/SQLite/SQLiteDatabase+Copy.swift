import GRDB

extension SQLiteDatabase {
    /// Copies the database as it is at one moment into the empty file at `path`, by SQLite's backup API
    /// (sqlite.org/backup.html). Others go on reading and writing meanwhile.
    ///
    /// - Parameters:
    ///   - path: an absolute path; the file keeps its mode.
    ///   - progress: called every 4 MiB or so with the pages that were copied, and those there are.
    /// - Throws: ``SQLError``; the file holds nothing of use then.
    public func copy(
        to path: String, progress: @escaping @Sendable (_ copied: Int, _ all: Int) -> Void
    ) async throws {
        let target = try await Self.opened(path)
        try await thread.run { [queue, place] in
            do {
                try queue.writeWithoutTransaction { source in
                    try Self.copy(source, to: target, progress)
                }
                try target.close()
            } catch let error as DatabaseError {
                let isTarget = [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode)
                throw SQLError.opening(error, place: isTarget ? path : place)
            }
        }
    }

    /// On a thread of its own: that of a program's database may have taken its owner's place, who may not come here. For the
    /// same reason there is no journal beside the file; a copy that fails is thrown away.
    private static func opened(_ path: String) async throws -> DatabaseQueue {
        let thread = try ConnectionThread()
        do {
            let target = try await thread.run {
                do {
                    let target = try DatabaseQueue(path: path)
                    try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = OFF") }
                    return target
                } catch let error as DatabaseError {
                    throw SQLError.opening(error, place: path)
                }
            }
            await thread.finish {}
            return target
        } catch {
            await thread.finish {}
            throw error
        }
    }

    private static func copy(
        _ source: Database, to target: DatabaseQueue, _ progress: @escaping @Sendable (Int, Int) -> Void
    ) throws {
        try source.inTransaction(.deferred) {
            // The first read pins the snapshot: without it, every commit of another process would start the copy anew.
            _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM sqlite_master")
            try target.writeWithoutTransaction { target in
                try source.backup(to: target, pagesPerStep: 1024) {
                    progress($0.completedPageCount, $0.totalPageCount)
                }
            }
            return .commit
        }
    }
}
