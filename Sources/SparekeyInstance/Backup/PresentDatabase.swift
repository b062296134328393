import Glibc
import Sparekey
import SparekeySQL
import SparekeyStore

/// What stands where a restore is to put its database, and how the one takes the other's place.
struct PresentDatabase {
    enum State: Sendable {
        /// No file, or one of no bytes.
        case missing
        /// A database of ours that nobody else has open, nor can open until the restore has ended.
        case held(SQLiteDatabase)
        /// It was a database of ours, or should have been, and cannot be read; the reason.
        case unreadable(String)
    }

    /// Without symbolic links, where there is a file.
    let path: String
    let state: State

    /// - Throws: ``InstanceError``: another program's database, or one that somebody has open.
    init(path given: String) async throws {
        path = Self.resolved(given)
        switch try SQLiteDatabase.inspect(path: path) {
        case .missing, .empty: state = .missing
        case .notADatabase: state = .unreadable("it is not a database")
        case .database(let mark, let hasTables):
            guard mark == SparekeyStore.applicationID || (mark == 0 && !hasTables) else {
                throw OwnDatabase.foreign(given)
            }
            state = try await Self.hold(path)
        }
    }

    private static func hold(_ path: String) async throws -> State {
        var options = SQLiteOptions.ownDirectory(.mustExist)
        options.isExclusive = true
        options.busyTimeout = .seconds(1)
        do {
            let database = try await SQLiteDatabase(path: path, options: options)
            return try await looked(database)
        } catch let error as SQLError where error.code == .busy {
            throw InstanceError(
                .busy, reason: "another process has the database \(path) open",
                hint: "nothing was changed; stop the server, and whatever fuser \(path) names, then try again",
                cause: error)
        } catch let error as SQLError where error.code == .notADatabase {
            return .unreadable(error.reason)
        }
    }

    /// Damage that shows where a restore looks. What lies deeper is copied as it is.
    private static func looked(_ database: SQLiteDatabase) async throws -> State {
        do {
            _ = try await RestorableDatabase(database).auditHead()
        } catch let error as SQLError where error.code == .notADatabase {
            await database.close()
            throw error
        } catch {
            // Tables or rows that are not as they were: the file itself can be read.
        }
        return .held(database)
    }

    func close() async {
        if case .held(let database) = state { await database.close() }
    }

    /// Puts the draft's content in place of the present database.
    ///
    /// - Parameter kept: the path at which the present one stays, whatever it was; nothing is there yet.
    /// - Returns: whether there was something to keep.
    func give(way draft: RestoreDraft, keepingAs kept: BackupFile) async throws -> Bool {
        switch state {
        case .held(let database):
            let head = try? await RestorableDatabase(database).auditHead()?.head
            try await database.copy(to: kept.draft) { _, _ in }
            try kept.finish()
            do {
                try await database.replaceContents(withDatabaseAt: draft.path)
            } catch {
                // Not needed where the database is what it was; perhaps it takes the space that was missing.
                if let head, try await RestorableDatabase(database).holds(head) { unlink(kept.path) }
                throw error
            }
            draft.discard()
            return true
        case .missing:
            kept.discard()
            try moveCompanions(to: kept.path)
            try putFirst(draft)
            return false
        case .unreadable:
            kept.discard()
            guard link(path, kept.path) == 0 else { throw notWritable(errno) }
            try moveCompanions(to: kept.path)
            try put(draft)
            return true
        }
    }

    /// A log that an earlier database left would be played into the new one.
    private func moveCompanions(to kept: String) throws {
        for suffix in ["-wal", "-journal", "-shm"] {
            guard rename(path + suffix, kept + suffix) == 0 || errno == ENOENT else { throw notWritable(errno) }
        }
    }

    /// Not over a database that somebody makes at this moment.
    private func putFirst(_ draft: RestoreDraft) throws {
        var status = stat()
        if lstat(path, &status) == 0, status.st_size == 0 { return try put(draft) }
        guard link(draft.path, path) == 0 else {
            guard errno == EEXIST else { throw notWritable(errno) }
            throw InstanceError(
                .busy, reason: "somebody else has made a database at \(path) meanwhile",
                hint: "it is as it was made; see what it is, then try again")
        }
        unlink(draft.path)
        try FolderSync.sync(folderOf: path)
    }

    private func put(_ draft: RestoreDraft) throws {
        guard rename(draft.path, path) == 0 else { throw notWritable(errno) }
        try FolderSync.sync(folderOf: path)
    }

    private func notWritable(_ failure: Int32) -> InstanceError {
        InstanceError(
            .notWritable, reason: "the database \(path) cannot be replaced: \(String(cString: strerror(failure)))",
            hint: "see to the owner and mode of its folder, then try again; nothing was removed")
    }

    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
