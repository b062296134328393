import Foundation
import Sparekey

/// The places of a program that are documents: beside its database, or the one file that is all that it has. Small files:
/// each call reads them anew.
struct ProgramDocuments {
    enum Home {
        /// The folder of a database that is a file.
        case folder(String)
        /// The program's one file.
        case file(String)
        /// A database on a server has no folder.
        case none
    }

    let profile: Profile
    let home: Home
    /// Whether files are written themselves, and not replaced.
    var isInPlace = false

    func find(_ name: String) throws -> [ProgramAccountID.Part] {
        try all().compactMap { place, document in
            try document.find(name).map { ProgramAccountID.Part(place: place, row: $0) }
        }
    }

    /// By the place's number; nil where one of the account's documents no longer holds it.
    func found(_ id: ProgramAccountID) throws -> [Int: FoundAccount]? {
        let documents = try all()
        var found: [Int: FoundAccount] = [:]
        for part in id.parts where profile.accounts[part.place].store.form != nil {
            guard let document = documents[part.place], let row = document.row(part.row) else { return nil }
            found[part.place] = FoundAccount(document: document, row: row)
        }
        return found
    }

    struct FoundAccount {
        let document: AccountDocument
        let row: AccountTable.Row
    }

    func rows(_ id: ProgramAccountID) throws -> [Int: AccountTable.Row] {
        (try found(id) ?? [:]).mapValues(\.row)
    }

    func read(_ id: ProgramAccountID) throws -> StoredColumns? {
        try found(id).map { accounts in
            StoredColumns(
                accounts.values.reduce(into: [:]) { columns, account in
                    columns.merge(account.document.columns(of: account.row.id).values) { $1 }
                    if isInPlace { columns[account.document.place.wholeName] = account.document.whole }
                })
        }
    }

    func layouts(_ id: ProgramAccountID) throws -> [(Int, ProgramLayout)] {
        (try found(id) ?? [:]).map { number, account in
            let document = account.document
            return (number, ProgramLayout(place: document.place, columns: document.written(account.row.id)))
        }
    }

    /// What a reset would write, in a person's words; in the order of the places.
    func preview(_ id: ProgramAccountID) throws -> [String] {
        (try found(id) ?? [:]).sorted { $0.key < $1.key }.map { _, account in
            guard case .document(let path) = account.document.place.store else {
                let lines = account.document.linesWritten(account.row.id).joined(separator: "; ")
                return "\(account.document.file.path) (\(lines))"
            }
            return path
        }
    }

    func apply(
        _ new: StoredColumns, to id: ProgramAccountID, expecting old: StoredColumns
    ) throws -> ApplyOutcome {
        guard let accounts = try found(id) else { return .changedMeanwhile }
        var done: [Int] = []
        for (place, account) in accounts.sorted(by: { $0.key < $1.key }) {
            do {
                guard
                    try account.document.apply(new, to: account.row.id, expecting: old, inPlace: isInPlace) == .applied
                else {
                    try takeBack(done, old, id, expecting: new)
                    return .changedMeanwhile
                }
            } catch {
                try takeBack(done, old, id, expecting: new)
                throw error
            }
            done.append(place)
        }
        return .applied
    }

    /// All files or none.
    ///
    /// - Throws: ``RecoveryError`` `unclear` where the new password stays in one.
    private func takeBack(
        _ places: [Int], _ old: StoredColumns, _ id: ProgramAccountID, expecting new: StoredColumns
    ) throws {
        guard !places.isEmpty else { return }
        let accounts = try? found(id)
        let isBack = places.allSatisfy { place in
            guard let account = accounts?[place] else { return false }
            let document = account.document
            return (try? document.apply(old, to: account.row.id, expecting: new, inPlace: isInPlace)) == .applied
        }
        guard isBack else {
            throw RecoveryError(
                .unclear, reason: "the account is in several files, and only some of them could be changed",
                hint: "either the old or the new password works; sparekey resets list says which, or reset it again")
        }
    }

    func removeDrafts() throws {
        for document in try all().values { try document.file.removeDraft() }
    }

    private func all() throws -> [Int: AccountDocument] {
        var documents: [Int: AccountDocument] = [:]
        for (number, place) in profile.accounts.enumerated() {
            guard let form = place.store.form, let path = path(of: place.store) else { continue }
            do {
                documents[number] = try AccountDocument(place, form, path: path)
            } catch let fault as DocumentText.Fault {
                throw AppsError(
                    .misfit, reason: "\(path) is not as the profile has it: \(fault.words)",
                    hint: "nothing was changed; is it damaged, or of another version of the program?")
            }
        }
        return documents
    }

    func path(of store: AccountPlace.Store) -> String? {
        switch (store, home) {
        case (.document(let path), .folder(let folder)): "\(folder)/\(path)"
        case (.file, .file(let path)): path
        default: nil
        }
    }
}
