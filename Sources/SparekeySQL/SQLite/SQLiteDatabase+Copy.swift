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
        try await thread.run { [queue, place] in
            do {
                let target = try DatabaseQueue(path: path)
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
