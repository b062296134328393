import SparekeyApps
import SparekeySQL
import SparekeyStore

extension InstanceOptions {
    /// The same where `--database` names a program's database: own records stay in the data folder (interface.md), whatever
    /// a variable that the program itself reads says.
    public var forProgram: InstanceOptions {
        InstanceOptions(
            data: data, config: config, database: nil, environment: environment.filter { $0.key != "DATABASE_URL" })
    }
}

extension Instance {
    /// Whether `--database` names another program's database. A file that is missing, empty or ours is not: what is wrong
    /// with it is said by whoever opens it as an own one.
    ///
    /// - Throws: ``InstanceError`` where a server cannot be asked.
    public static func namesProgram(_ options: InstanceOptions) async throws -> Bool {
        guard let address = options.database else { return false }
        do {
            switch try ProgramLocation(address) {
            case .mariaDB: return true
            case .sqlite(let path):
                if let file = try ProgramLocation(address).file, try await isFitting(file, options.forProgram) {
                    return true
                }
                guard case .database(let mark, let hasTables) = try SQLiteDatabase.inspect(path: path), hasTables else {
                    // Without a data folder nothing is ours, and what is wrong with the file is what there is to say.
                    return try !NamedInstance(options.forProgram).folder.exists
                }
                return mark != SparekeyStore.applicationID
            case .postgreSQL:
                let database = try await ProgramLocation(address).openToRead()
                do {
                    _ = try await SparekeyStore.isMarked(database)
                    await database.close()
                    return false
                } catch {
                    await database.close()
                    guard let error = error as? StoreError, error.code == .foreign else { throw error }
                    return true
                }
            }
        } catch {
            throw InstanceError.translated(error)
        }
    }

    /// A file that fits no profile may be one that a reset was writing in place when it was cut off: what opens own records
    /// puts that right.
    private static func isFitting(_ file: String, _ options: InstanceOptions) async throws -> Bool {
        let check = CheckProgram(try profiles(options).profiles())
        guard try check(file: file).fitting.isEmpty else { return true }
        guard let instance = try? await open(options, mayCreate: false, keepsUser: true) else { return false }
        await instance.close()
        return try !check(file: file).fitting.isEmpty
    }
}
