import Sparekey
import SparekeyApps

/// The own directory and each attached app, for the flows of codes and tokens.
struct InstanceDirectories: RecoverableDirectories {
    let instance: Instance

    func named(_ app: String?) throws -> RecoverableDirectory {
        guard let app else {
            let reset = instance.resetPassword
            return RecoverableDirectory(instance.store, accept: instance.acceptPassword) { try await reset($0) }
        }
        do {
            return try directory(app, try instance.programs.named(app))
        } catch {
            throw FoundProgram.unavailable(app, error)
        }
    }

    private func directory(_ app: String, _ program: FoundProgram) throws -> RecoverableDirectory {
        let opened = try instance.reach(program)
        return RecoverableDirectory(
            AskedProgram(base: opened.directory, program: program), accept: instance.acceptPassword(for: program),
            title: Self.title(app, program.profile)
        ) { request in
            try await opened.resetKeepingCopy(request, of: program)
        }
    }

    /// `Palmr`, or `files (Palmr)` where the operator calls it otherwise.
    private static func title(_ app: String, _ profile: Profile) -> String {
        app == profile.name ? profile.title : "\(app) (\(profile.title))"
    }
}

/// A program's accounts as self-service asks for them: whatever is wrong with the program, a document beside its database
/// too, is one error there.
private struct AskedProgram: Directory {
    let base: any Directory
    let program: FoundProgram

    var app: AppReference? { base.app }
    var decisiveColumns: Set<String> { base.decisiveColumns }

    func find(_ name: AccountName) async throws -> Account? { try await asking { try await base.find(name) } }
    func find(id: String) async throws -> Account? { try await asking { try await base.find(id: id) } }
    func find(_ names: [AccountName]) async throws -> [Account?] { try await asking { try await base.find(names) } }
    func read(_ account: Account) async throws -> StoredColumns? { try await asking { try await base.read(account) } }

    func isTemporary(_ columns: StoredColumns) -> (requiresChange: Bool, expiresAt: Timestamp?) {
        base.isTemporary(columns)
    }

    func passwordHistory(of account: Account, limit: Int) async throws -> [String] {
        try await asking { try await base.passwordHistory(of: account, limit: limit) }
    }

    private func asking<Value>(_ work: () async throws -> Value) async throws -> Value {
        do { return try await work() } catch { throw program.unavailable(error) }
    }
}

extension OpenedProgram {
    /// The same reset as the command's: with a copy of a SQLite database before the first one in it (APP-4).
    fileprivate func resetKeepingCopy(_ request: ResetRequest, of program: FoundProgram) async throws -> ResetReport {
        do {
            _ = try await instance.programs.turns(at: program.reference.database) {
                try await instance.copyBeforeFirstReset(of: program)
            }
        } catch {
            throw program.unavailable(error)
        }
        do {
            return try await resetPassword(request)
        } catch let error as AppsError {
            throw program.unavailable(error)
        }
    }
}

extension Instance {
    /// The program of which each transaction opens the database.
    ///
    /// - Throws: ``SQLError`` where its place cannot be looked at.
    func reach(
        _ program: FoundProgram, isConfirmed: Bool = false, isInPlace: Bool = false, patience: Duration? = nil
    ) throws -> OpenedProgram {
        let database = ProgramDatabase(program: program, turns: programs.turns, patience: patience)
        let store = try program.location.file.map(ProgramStore.file) ?? .database(database)
        return OpenedProgram(
            instance: self,
            directory: program.directory(in: store, isConfirmed: isConfirmed, isInPlace: isInPlace), store: store,
            bindings: program.bindings)
    }

    /// Settles what crashes and lost connections have left in programs, as long as the server runs: somebody's code may be
    /// reserved by it.
    ///
    /// - Parameter tell: what could not be settled, once for each.
    func keepSettling(_ tell: @escaping @Sendable (String) -> Void) async throws {
        var told: Set<String> = []
        while true {
            try await Task.sleep(for: .seconds(10))
            for warning in await settleProgramResets() where told.insert(warning).inserted { tell(warning) }
        }
    }
}
