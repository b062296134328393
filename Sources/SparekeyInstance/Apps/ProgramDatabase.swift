import Sparekey
import SparekeyApps
import SparekeySQL

/// A program's database that is opened for each transaction and closed after it: a server never keeps a program's file
/// open, nor a connection to its database, while a person thinks or a password is hashed.
struct ProgramDatabase: SQLDatabase {
    let program: FoundProgram
    let turns: ProgramTurns
    /// How long a server may take to be connected to; nil for the driver's own time.
    var patience: Duration?

    var dialect: SQLDialect {
        switch program.location {
        case .sqlite: .sqlite
        case .postgreSQL: .postgreSQL
        case .mariaDB: .mariaDB
        }
    }

    var place: String { program.place }

    /// Opened to be written for a look too, so that what a crash left in the middle of a SQLite file is taken back first.
    func transaction<Value: Sendable>(
        _ access: SQLAccess, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        do {
            return try await turns(at: program.reference.database) {
                let database = try await program.location.openToWrite(
                    password: program.password, patience: patience)
                do {
                    let value = try await database.transaction(access, body)
                    await database.close()
                    return value
                } catch {
                    await database.close()
                    throw error
                }
            }
        } catch let error as SQLError where error.code == .busy || error.code == .conflict {
            // Refused as a whole: whoever wrote knows by it that nothing happened.
            throw error
        } catch {
            throw program.unavailable(error)
        }
    }

    func lock(_ number: Int64) async throws -> (any SQLLock)? {
        preconditionFailure("locks are taken in the own database, never in a program's")
    }

    func close() async {}
}

extension FoundProgram {
    /// What is wrong with a program, as one error: its people are told what still works, and the reason is the operator's.
    /// Everything else is returned as it is.
    func unavailable(_ error: any Error) -> any Error {
        Self.unavailable(reference.name, error)
    }

    static func unavailable(_ app: String, _ error: any Error) -> any Error {
        switch InstanceError.translated(error) {
        case let error as InstanceError where error.code == .refused:
            RecoveryError(.notAllowed, reason: error.reason, hint: error.hint, cause: error)
        case let error as InstanceError:
            RecoveryError(
                .appUnavailable, reason: "the app \(app) cannot be used just now: \(error.reason)", hint: error.hint,
                cause: error, retryAfter: .seconds(5))
        default: error
        }
    }
}
