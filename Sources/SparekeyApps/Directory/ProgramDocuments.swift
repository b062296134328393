import Foundation
import Sparekey

/// The places of a program that are documents beside its database.
struct ProgramDocuments {
    let profile: Profile
    /// The folder of the database; nil where that is on a server.
    let folder: String?

    /// - Throws: ``AppsError`` `refused` where there is such a document: it would go before the table.
    func find(_ name: String) throws -> [ProgramAccountID.Part] {
        for place in profile.accounts {
            guard case .document(let path) = place.store, let folder else { continue }
            let file = "\(folder)/\(path)"
            guard access(file, F_OK) == 0 else { continue }
            throw AppsError(
                .refused, reason: "\(profile.title) keeps accounts in \(file) too, which this version does not change",
                hint: "nothing was changed; use the program's own way for the account of that file")
        }
        return []
    }

    func rows(_ id: ProgramAccountID) throws -> [Int: AccountTable.Row] { [:] }
    func read(_ id: ProgramAccountID) throws -> StoredColumns? { StoredColumns() }
    func layouts(_ id: ProgramAccountID) -> [(Int, ProgramLayout)] { [] }

    func apply(
        _ new: StoredColumns, to id: ProgramAccountID, expecting old: StoredColumns
    ) throws -> ApplyOutcome { .applied }
}
