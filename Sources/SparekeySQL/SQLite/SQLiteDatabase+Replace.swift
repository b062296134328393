import GRDB

extension SQLiteDatabase {
    /// Replaces everything in the database by what is in the database at `path`, as one transaction (sqlite.org/backup.html):
    /// whoever comes after a crash finds the old content or the new, never a mixture.
    ///
    /// Open this one with ``SQLiteOptions/isExclusive``, so that nobody has it open meanwhile.
    ///
    /// - Parameter path: a database with the same size of pages, which nobody else has open.
    /// - Throws: ``SQLError``; nothing has been changed then.
    public func replaceContents(withDatabaseAt path: String) async throws {
        try await thread.run { [queue, place] in
            do {
                let source = try DatabaseQueue(path: path)
                try queue.writeWithoutTransaction { target in
                    try source.writeWithoutTransaction { try $0.backup(to: target) }
                }
                try source.close()
            } catch let error as DatabaseError {
                throw SQLError.opening(error, place: place)
            }
        }
    }
}
